import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { addressesVariable, readApps, workspaceRoot } from '../src/apps.js';

interface Container {
  /** What is started only where it is asked for by name. */
  readonly profiles?: readonly string[];
  readonly build?: { readonly args: Readonly<Record<string, string>> };
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly ports?: readonly string[];
  readonly networks: readonly string[] | Readonly<Record<string, unknown>>;
}

const text = readFileSync(join(workspaceRoot, 'docker-compose.yml'), 'utf8');
const { services: containers, networks } = parse(text, { merge: true }) as {
  readonly services: Readonly<Record<string, Container>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
};
const apps = readApps();
const namesOf = (kind: string): string[] => apps.filter((app) => app.kind === kind).map(({ name }) => name);

describe('docker-compose.yml', () => {
  test.each(apps)('runs $name on its own port, and asks whether it is well', ({ name, port }) => {
    const container = containers[name];
    expect(container?.build?.args).toEqual({ APP: name });
    expect(container?.environment?.['PORT']).toBe(port);
    expect(container?.healthcheck?.test[0]).toBe('CMD');
  });

  test('checks the health of everything it runs', () => {
    const unchecked = Object.keys(containers).filter((name) => containers[name]?.healthcheck === undefined);
    expect(unchecked).toEqual([]);
  });

  test('publishes gateways and the issuer to this machine alone, and nothing else', () => {
    const published = Object.keys(containers).filter((name) => containers[name]?.ports !== undefined);
    const byDefault = published.filter((name) => containers[name]?.profiles === undefined);
    expect(byDefault.sort()).toEqual([...namesOf('gateway'), ...namesOf('identity')].sort());
    const ports = Object.values(containers).flatMap((container) => container.ports ?? []);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  test('keeps services and data on networks that lead nowhere', () => {
    for (const name of [...namesOf('service'), 'postgres', 'redis']) {
      const joined = containers[name]?.networks as readonly string[];
      expect(joined.filter((network) => networks[network]?.internal !== true)).toEqual([]);
    }
  });

  test('leaves gateways no way to the databases', () => {
    const near = namesOf('gateway').filter((name) => {
      const joined = containers[name]?.networks as readonly string[];
      return joined.includes('data');
    });
    expect(near).toEqual([]);
    expect(containers['postgres']?.networks).toEqual(['data']);
  });

  test('tells each gateway where every service is', () => {
    for (const name of namesOf('gateway')) {
      for (const service of apps.filter(({ kind }) => kind === 'service')) {
        const address = containers[name]?.environment?.[addressesVariable(service.name)];
        expect({ name, address }).toEqual({ name, address: `${service.name}:${service.port}` });
      }
    }
  });
});
