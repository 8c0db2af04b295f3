import { beforeAll, describe, expect, test } from '@jest/globals';
import { readApps } from '../src/apps.js';
import { billOfMaterials } from '../src/supply/bom.js';
import { licenceList, licenceProblems } from '../src/supply/licences.js';
import { shippedBy, type Shipped } from '../src/supply/shipped.js';
import { signatureVerdict, vulnerabilityVerdict } from '../src/supply/verdict.js';

/** Of the workspace, whichever it has. */
const firstOf = (kind: string): string => readApps().find((app) => app.kind === kind)?.name ?? '';
const GATEWAY = firstOf('gateway');
const SERVICE = firstOf('service');
const describeApps = GATEWAY !== '' && SERVICE !== '' ? describe : describe.skip;
const why = GATEWAY !== '' && SERVICE !== '' ? '' : ' (skipped: the samples are gone)';

const namesIn = (app: string): readonly string[] => shippedBy(app).map(({ name }) => name);

describeApps(`what an app ships${why}`, () => {
  test('is what it imports, and what that depends on', () => {
    expect(namesIn(GATEWAY)).toEqual(
      expect.arrayContaining(['@facet/gateway', 'fastify', 'find-my-way', 'zod']),
    );
    expect(namesIn(SERVICE)).toEqual(expect.arrayContaining(['@facet/service', 'pg', 'pg-protocol', 'zod']));
  });

  test('is neither what other apps need, nor what builds and tests need', () => {
    const forOthers = ['pg', 'drizzle-orm', 'oidc-provider', '@facet/service', `@facet/${SERVICE}`];
    const forTests = [
      '@facet/testing',
      '@facet/dev',
      'jest',
      '@jest/globals',
      'typescript',
      'nx',
      '@swc/core',
    ];
    expect(namesIn(GATEWAY).filter((name) => [...forOthers, ...forTests].includes(name))).toEqual([]);
    const forGateways = ['@facet/gateway', 'fastify', '@nestjs/swagger'];
    expect(namesIn(SERVICE).filter((name) => [...forGateways, ...forTests].includes(name))).toEqual([]);
  });
});

describeApps(`the bill of materials${why}`, () => {
  interface Bom {
    readonly metadata: { readonly component: { readonly name: string; readonly type: string } };
    readonly components: readonly {
      readonly 'bom-ref': string;
      readonly purl?: string;
      readonly licenses?: readonly unknown[];
      readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
    }[];
    readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
  }
  let bom: Bom;
  beforeAll(() => {
    bom = JSON.parse(billOfMaterials(GATEWAY, shippedBy(GATEWAY))) as Bom;
  });

  test('is CycloneDX, of the app, with each package by address, version, licence and digest', () => {
    expect(bom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' });
    expect(bom.metadata.component).toMatchObject({ name: GATEWAY, type: 'application' });
    const fastify = bom.components.find(({ purl }) => purl?.startsWith('pkg:npm/fastify@') === true);
    expect(fastify?.licenses).toEqual([{ expression: 'MIT' }]);
    expect(fastify?.hashes).toEqual([{ alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) }]);
    const scoped = bom.components.map(({ purl }) => purl).filter((purl) => purl?.includes('common@'));
    expect(scoped).toEqual([expect.stringMatching(/^pkg:npm\/%40nestjs\/common@[\d.]+$/)]);
  });

  test('says what needs what, and is the same each time', () => {
    const gateway = bom.dependencies.find(({ ref }) => ref === 'libs/gateway');
    expect(gateway?.dependsOn).toEqual(expect.arrayContaining(['libs/routing', 'node_modules/@nestjs/core']));
    const again = billOfMaterials(GATEWAY, shippedBy(GATEWAY));
    expect(JSON.parse(again)).toEqual(bom);
  });
});

describe('licences', () => {
  const list = { allowed: ['MIT', 'ISC'], exceptions: { 'odd@1.0.0': 'MIT by its readme' } };
  const problemsOf = (license: string | undefined, name = 'some'): readonly string[] => {
    const each: Shipped = { name, version: '1.0.0', folder: `node_modules/${name}`, isOwn: false, needs: [] };
    return licenceProblems([license === undefined ? each : { ...each, license }], list);
  };

  test.each(['MIT', 'ISC', '(MIT OR GPL-3.0-only)', '(MIT AND ISC)'])('%s is allowed', (license) => {
    expect(problemsOf(license)).toEqual([]);
  });

  test.each(['GPL-3.0-only', '(MIT AND GPL-3.0-only)', 'AGPL-3.0-or-later'])('%s is not', (license) => {
    expect(problemsOf(license)).toEqual([
      `some@1.0.0 has the licence ${license}, which tools/dev/licences.json does not allow`,
    ]);
  });

  test('that are not known are problems, but for exceptions with a reason', () => {
    expect(problemsOf(undefined)).toEqual(['some@1.0.0 does not say what its licence is']);
    expect(problemsOf('SEE LICENSE IN LICENSE')).toEqual([
      expect.stringContaining('which is no SPDX expression'),
    ]);
    expect(problemsOf(undefined, 'odd')).toEqual([]);
  });

  test.each(readApps().map(({ name }) => name))('of all that %s ships are allowed', (app) => {
    expect(licenceProblems(shippedBy(app), licenceList())).toEqual([]);
  });
});

describe('an audit', () => {
  const report = (vulnerabilities: object) => JSON.stringify({ auditReportVersion: 2, vulnerabilities });

  test('fails for grave vulnerabilities and signatures that are wrong, and names them', () => {
    expect(vulnerabilityVerdict(report({ one: { severity: 'high' }, two: { severity: 'low' } }))).toEqual({
      isFine: false,
      line: 'Known vulnerabilities: one (high), two (low)',
    });
    expect(vulnerabilityVerdict(report({ two: { severity: 'low' } })).isFine).toBe(true);
    expect(signatureVerdict('{"invalid":[{"name":"one","version":"1.0.0"}],"missing":[]}')).toEqual({
      isFine: false,
      line: "Signatures that are not the registry's: one@1.0.0",
    });
  });

  test('finds nothing wrong where nothing is', () => {
    expect(vulnerabilityVerdict(report({}))).toMatchObject({
      isFine: true,
      line: expect.stringMatching(/^No known/),
    });
    expect(signatureVerdict('{"invalid":[],"missing":[]}')).toMatchObject({ isFine: true });
  });

  test('is said to be skipped where the registry does not serve it, without an address', () => {
    const refused =
      '{"message":"405 Method Not Allowed - POST https://who:secret@registry.example/bulk","error":{}}';
    expect(vulnerabilityVerdict(refused)).toEqual({
      isFine: true,
      line: 'Known vulnerabilities: skipped, 405 Method Not Allowed - POST …',
    });
    expect(vulnerabilityVerdict(undefined).line).toBe(
      'Known vulnerabilities: skipped, the registry does not answer in time',
    );
    expect(signatureVerdict('').line).toBe('Signatures: skipped, the registry does not serve them');
  });
});
