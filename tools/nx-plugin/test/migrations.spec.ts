import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createTree } from '@nx/devkit/testing';
import { describe, expect, jest, test } from '@jest/globals';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { gatewayPolicy, gatewayRequest } from '../src/index.js';
import { contentOf } from './tree.js';

jest.setTimeout(120_000);

const workspaceRoot = fileURLToPath(new URL('../../../', import.meta.url));
/** As the version before made it. */
const before = fileURLToPath(new URL('before/0.1.0/kiosk-bff/', import.meta.url));

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesIn(path) : [path];
  });

function workspaceBefore() {
  const tree = createTree();
  tree.write('.prettierrc', readFileSync(join(workspaceRoot, '.prettierrc.json'), 'utf8'));
  for (const file of filesIn(before))
    tree.write(
      `apps/kiosk-bff/${file.slice(before.length).replace(/\.before$/, '')}`,
      readFileSync(file, 'utf8'),
    );
  return tree;
}

/** What the compiler says of a file of a gateway, with the libs as they are. */
function complaints(name: string, text: string): readonly string[] {
  const file = join(workspaceRoot, 'apps/web-bff/src', name);
  const { config } = ts.readConfigFile(join(workspaceRoot, 'tsconfig.base.json'), (path) =>
    ts.sys.readFile(path),
  ) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(
    { ...config.compilerOptions, composite: false, declaration: false, declarationMap: false, noEmit: true },
    workspaceRoot,
  );
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (path, ...rest) =>
    path === file ? ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) : read(path, ...rest);
  host.fileExists = (path) => path === file || ts.sys.fileExists(path);
  const program = ts.createProgram([file], options, host);
  return program
    .getSemanticDiagnostics(program.getSourceFile(file))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

describe('nx migrate @facet/nx-plugin', () => {
  test('makes a gateway of the version before compile with this one', async () => {
    const tree = workspaceBefore();
    const controller = 'apps/kiosk-bff/src/me/me.controller.ts';
    expect(complaints('me.controller.ts', contentOf(tree, controller))).toEqual([
      expect.stringContaining("has no exported member 'IncomingRequest'"),
    ]);
    await gatewayRequest(tree);
    const now = contentOf(tree, controller);
    expect(now).toContain("import { Incoming, Shows, type GatewayRequest } from '@facet/gateway';");
    expect(now).toContain('me(@Incoming() { caller }: GatewayRequest) {');
    expect(complaints('me.controller.ts', now)).toEqual([]);
  });

  test('changes nothing in what is migrated, nor in what only has a like name', async () => {
    const tree = workspaceBefore();
    const own =
      "import { IncomingRequest } from './own.js';\nexport const read = (r: IncomingRequest) => r.context.caller;\n";
    tree.write('apps/kiosk-bff/src/own.reader.ts', own);
    const used =
      "import type { IncomingRequest } from '@facet/gateway';\nexport const who = (r: IncomingRequest, o: { context: object }) => [r.context.caller, o.context];\n";
    tree.write('apps/kiosk-bff/src/who.ts', used);
    await gatewayRequest(tree);
    expect(contentOf(tree, 'apps/kiosk-bff/src/own.reader.ts')).toContain('r: IncomingRequest');
    expect(contentOf(tree, 'apps/kiosk-bff/src/who.ts')).toContain(
      '(r: GatewayRequest, o: { context: object }) => [r.caller, o.context]',
    );
    const once = contentOf(tree, 'apps/kiosk-bff/src/me/me.controller.ts');
    await gatewayRequest(tree);
    expect(contentOf(tree, 'apps/kiosk-bff/src/me/me.controller.ts')).toBe(once);
  });

  test("makes a gateway's policy of the version before mean the same with this one", async () => {
    const tree = workspaceBefore();
    const policy = 'apps/kiosk-bff/src/kiosk-bff.policy.ts';
    expect(complaints('kiosk-bff.policy.ts', contentOf(tree, policy))).toContainEqual(
      expect.stringContaining("Cannot find module '@facet/policy'"),
    );
    await gatewayPolicy(tree);
    const now = contentOf(tree, policy);
    expect(now).toContain("import { definePolicy } from '@facet/gateway';");
    expect(now).toMatch(/rateLimits: \{\s+\/\/ An address may be a whole office's\.\s+anonymous: \{ burst/);
    expect(now).toContain('shedding: { maxInFlight: 1_000, maxDelayMs: 250 },');
    expect(now).not.toMatch(/plans|visitors|false/);
    expect(complaints('kiosk-bff.policy.ts', now)).toEqual([]);
    for (const file of ['package.json', 'tsconfig.lib.json'])
      expect(contentOf(tree, `apps/kiosk-bff/${file}`)).not.toContain('policy');
    await gatewayPolicy(tree);
    expect(contentOf(tree, policy)).toBe(now);
  });

  test('keeps off what a policy of the version before left out, and renames its plans', async () => {
    const tree = workspaceBefore();
    const policy = 'apps/kiosk-bff/src/kiosk-bff.policy.ts';
    const rate = '{ requests: 1, seconds: 1 }';
    const plan = `{ burst: ${rate}, sustained: ${rate} }`;
    tree.write(
      policy,
      `import { definePolicy } from '@facet/policy';
const visitors = ${plan};
export const policy = definePolicy({
  plans: { visitors, callers: visitors, named: { gold: visitors }, failures: ${rate} },
  shedding: { maxInFlight: 5 },
});
`,
    );
    await gatewayPolicy(tree);
    const now = contentOf(tree, policy);
    expect(now).toMatch(/compression: false,\s+idempotency: false,\s+cache: false,/);
    expect(now).toMatch(/shedding: \{\s*maxDelayMs: 60,\s*maxInFlight: 5,?\s*\}/);
    expect(now).toMatch(
      /rateLimits: \{\s*anonymous: visitors,\s*callers: visitors,\s*plans: \{ gold: visitors \},/,
    );
    expect(complaints('kiosk-bff.policy.ts', now)).toEqual([]);
  });

  test('finds what it runs, and updates every package with this one', () => {
    const plugin = join(workspaceRoot, 'tools/nx-plugin');
    const { generators } = JSON.parse(readFileSync(join(plugin, 'migrations.json'), 'utf8')) as {
      generators: Record<string, { factory: string; version: string }>;
    };
    const entry = createRequire(import.meta.url)(join(plugin, 'entry.cjs')) as Record<string, unknown>;
    for (const { factory, version } of Object.values(generators)) {
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
      expect(typeof entry[factory.split('#')[1] ?? '']).toBe('function');
    }
    const manifest = JSON.parse(readFileSync(join(plugin, 'package.json'), 'utf8')) as {
      'nx-migrations': { packageGroup: readonly string[] };
    };
    const published = ['libs', 'tools']
      .flatMap((parent) =>
        readdirSync(join(workspaceRoot, parent)).map((name) =>
          join(workspaceRoot, parent, name, 'package.json'),
        ),
      )
      .filter((file) => statSync(file, { throwIfNoEntry: false }) !== undefined)
      .map((file) => JSON.parse(readFileSync(file, 'utf8')) as { name: string; private?: boolean })
      .filter(
        ({ name, private: isPrivate }) =>
          isPrivate !== true && !['@facet/nx-plugin', 'create-facet'].includes(name),
      )
      .map(({ name }) => name);
    expect([...manifest['nx-migrations'].packageGroup].sort()).toEqual(published.sort());
  });
});
