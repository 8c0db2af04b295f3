import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { readApps, workspaceRoot } from '../src/apps.js';
import { complaintOf } from '../src/production/balancer.js';
import { makeCertificates } from '../src/production/certificates.js';
import { composeFiles } from '../src/production/compose/site.js';
import { hasHaproxy } from '../src/production/haproxy.js';

interface Container {
  readonly scale?: number;
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly env_file?: readonly string[];
  readonly ports?: readonly string[];
  readonly healthcheck?: object;
  readonly networks: readonly string[] | Readonly<Record<string, { readonly aliases?: readonly string[] }>>;
}

const FOLDER = join(workspaceRoot, 'deploy', 'compose');
const apps = readApps();
const files = composeFiles(apps);
const { services: containers, networks } = parse(files['docker-compose.yml'] ?? '') as {
  readonly services: Readonly<Record<string, Container>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
};
const networksOf = ({ networks: joined }: Container): readonly string[] =>
  Array.isArray(joined) ? (joined as readonly string[]) : Object.keys(joined);
const has = (command: string) => spawnSync(command, ['--version']).error === undefined;
/** Those that a test needs, and says of in its name where it is skipped. */
const where = (command: string) => ({
  run: has(command) ? test : test.skip,
  why: has(command) ? '' : ` (skipped: no ${command})`,
});
const isWhole = existsSync(join(workspaceRoot, 'apps', 'web-bff'));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'facet-compose-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('deploy/compose', () => {
  (isWhole ? test : test.skip).each(Object.keys(files))('has %s as `npm run compose` writes it', (name) => {
    expect(readFileSync(join(FOLDER, name), 'utf8')).toBe(files[name]);
  });

  test('publishes the balancer to this machine alone, and nothing else', () => {
    const published = Object.keys(containers).filter((name) => containers[name]?.ports !== undefined);
    expect(published).toEqual(['balancer']);
    expect(containers['balancer']?.ports?.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    const open = Object.keys(networks).filter((name) => networks[name]?.internal !== true);
    expect(open).toEqual(['outside']);
    const outside = Object.entries(containers).filter(([, each]) => networksOf(each).includes('outside'));
    expect(outside.map(([name]) => name)).toEqual(['balancer']);
  });

  test('runs two of each gateway and of each service, and asks each container whether it is well', () => {
    const several = apps.filter(({ kind }) => kind !== 'identity').map(({ name }) => containers[name]?.scale);
    expect(new Set(several)).toEqual(new Set([2]));
    expect(Object.keys(containers).filter((name) => containers[name]?.healthcheck === undefined)).toEqual([]);
  });

  test('leads every address to a container that shares a network with the one that asks', () => {
    const wrong = Object.entries(containers).flatMap(([name, each]) =>
      addressesIn(each)
        .filter((host) => !isReachable(each, host))
        .map((host) => `${name} → ${host}`),
    );
    expect(wrong).toEqual([]);
    expect(addressesIn(containers['web-bff'] ?? { networks: [] })).toEqual(
      expect.arrayContaining(['catalog', 'sentinel-1', 'sentinel-3', 'traces', 'identity.localhost']),
    );
    const targets = parse(files['prometheus.yml'] ?? '') as {
      scrape_configs: { dns_sd_configs: { names: string[]; port: number }[] }[];
    };
    for (const { names, port } of targets.scrape_configs.flatMap((job) => job.dns_sd_configs)) {
      expect(containers[names[0] ?? '']?.environment?.['ADMIN_PORT']).toBe(port);
      expect(networksOf(containers[names[0] ?? ''] ?? { networks: [] })).toContain('telemetry');
    }
  });

  test('has no secret in it: each comes from a file that is not committed', () => {
    const names = Object.values(containers).flatMap(({ environment = {} }) => Object.keys(environment));
    expect(names.filter((name) => /SECRET|PASSWORD|_KEY$|PUBLIC_KEYS|DATABASE_URL/.test(name))).toEqual([]);
    const from = Object.values(containers).flatMap(({ env_file: file = [] }) => file);
    expect(from.filter((path) => !path.startsWith('../../.facet/compose/'))).toEqual([]);
  });

  const compose = where('docker-compose');
  compose.run(
    `is what docker-compose takes${compose.why}`,
    () => {
      // Their secrets are made by `npm run compose`; here each is empty.
      const text = (files['docker-compose.yml'] ?? '').replaceAll('../../.facet/compose', folder);
      for (const file of new Set(Object.values(containers).flatMap(({ env_file: each = [] }) => each)))
        writeFileSync(join(folder, file.split('/').at(-1) ?? ''), '');
      writeFileSync(join(folder, 'docker-compose.yml'), text);
      const { status, stderr } = spawnSync(
        'docker-compose',
        ['-f', join(folder, 'docker-compose.yml'), 'config', '-q'],
        { encoding: 'utf8' },
      );
      expect([status, stderr]).toEqual([0, '']);
    },
    60_000,
  );

  (hasHaproxy && has('openssl') ? test : test.skip)(
    'has settings that HAProxy takes',
    () => {
      const { file } = makeCertificates(join(folder, 'certificates'));
      writeFileSync(
        join(folder, 'haproxy.cfg'),
        (files['haproxy.cfg'] ?? '').replaceAll('/run/facet/server.pem', file),
      );
      expect(complaintOf(join(folder, 'haproxy.cfg'))).toBeUndefined();
    },
    60_000,
  );

  const promtool = where('promtool');
  promtool.run(
    `has settings that Prometheus takes${promtool.why}`,
    () => {
      expect(spawnSync('promtool', ['check', 'config', join(FOLDER, 'prometheus.yml')]).status).toBe(0);
    },
    60_000,
  );

  const amtool = where('amtool');
  amtool.run(
    `has settings that Alertmanager takes${amtool.why}`,
    () => {
      expect(spawnSync('amtool', ['check-config', join(FOLDER, 'alertmanager.yml')]).status).toBe(0);
    },
    60_000,
  );
});

/** The hosts that a container is told of. */
function addressesIn({ environment = {} }: Container): readonly string[] {
  const asked = Object.entries(environment).filter(
    ([name]) => /ADDRESSES|_URL|ENDPOINT/.test(name) && !name.startsWith('GF_'),
  );
  return asked.flatMap(([, value]) => {
    const [, hosts = ''] = /^[\w-]+:\/\/([^/]+)/.exec(String(value)) ?? [];
    return hosts.split(',').map((host) => host.replace(/:\d+$/, ''));
  });
}

function isReachable(from: Container, host: string): boolean {
  return Object.entries(containers).some(([name, { networks: joined }]) => {
    const shared = networksOf({ networks: joined }).filter((each) => networksOf(from).includes(each));
    const aliases = Array.isArray(joined)
      ? []
      : shared.flatMap(
          (each) => (joined as Record<string, { aliases?: readonly string[] }>)[each]?.aliases ?? [],
        );
    return shared.length > 0 && (name === host || aliases.includes(host));
  });
}
