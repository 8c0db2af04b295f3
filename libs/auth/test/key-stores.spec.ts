import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Call } from '@facet/contracts';
import { query } from '@facet/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { fileKeys, hashApiKey, serviceKeys, type KeyByHash } from '../src/index.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'facet-keys-'));
  file = join(folder, 'keys/partners.json');
});
afterAll(() => rmSync(folder, { recursive: true }));

function keys(...args: readonly string[]) {
  const { PATH } = process.env;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', './tools/dev/register.mjs', 'libs/auth/src/keys/main.ts', ...args],
    { cwd: root, encoding: 'utf8', env: { PATH, API_KEYS_FILE: file } },
  );
  return { status, stdout: stdout.trim(), stderr: stderr.trim() };
}

describe('keys in a file', () => {
  test('are issued, found by their hash, and dead once they are revoked', async () => {
    const store = fileKeys('partner-bff', { production: false, API_KEYS_FILE: file });
    const issued = keys('issue', '--partner=acme', '--scopes=orders:read,orders:write', '--days=2');
    expect(issued).toMatchObject({ status: 0, stderr: '' });
    const [key = '', line = ''] = issued.stdout.split('\n');
    const [id = ''] = line.split(',');
    const hash = hashApiKey(key) ?? '';
    expect(await store.findByHash(hash)).toEqual({
      ...{ id, partner: 'acme', plan: 'standard', scopes: ['orders:read', 'orders:write'] },
      expiresAt: expect.any(Number),
    });
    expect(await store.findByHash('x'.repeat(43))).toBeUndefined();
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(keys('list').stdout).toMatch(
      new RegExp(`^${id}  fct_….{4}  acme  orders:read,orders:write  standard  until `),
    );
    expect(keys('revoke', id).stdout).toBe(`${id} is revoked`);
    expect(await store.findByHash(hash)).toMatchObject({ revokedAt: expect.any(Number) });
  });

  test.each([
    [['issue', '--partner=acme'], 'Say --scopes.'],
    [
      ['issue', '--partner=acme', '--scopes=a:b', '--days=0'],
      '--days is "0", expected a number from 1 to 3650.',
    ],
    [['revoke'], 'Say the id of a key.'],
    [['revoke', 'key_nobody'], 'has no key key_nobody'],
    [['rotate'], 'There is no command rotate.'],
  ])('are not changed by %j', (args, message) => {
    const { status, stdout, stderr } = keys(...args);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr.split('\n')[0]).toContain(message);
  });

  test.each([
    ['no JSON', '[', /cannot be read as JSON/],
    ['an entry without a hash', '[{ "id": "key_1" }]', /0\.hash: /],
  ])('are refused at the start where the file is %s', (_, text, message) => {
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, text);
    const start = () => fileKeys('partner-bff', { production: false, API_KEYS_FILE: broken });
    expect(start).toThrow(message);
    expect(start).toThrow('API_KEYS_FILE');
  });

  test('must be there in production', () => {
    const missing = { production: true, API_KEYS_FILE: join(folder, 'none.json') };
    expect(() => fileKeys('partner-bff', missing)).toThrow('expected a file that is there');
  });
});

test('keys of a service are asked by their hash, within a limit, and come without what is not set', async () => {
  const byHash: KeyByHash = {
    ...query({ summary: 'a key', input: z.strictObject({ hash: z.string() }), output: z.any() }),
    ...{ service: 'accounts', name: 'apiKeyByHash', pattern: 'accounts.apiKeyByHash' },
  };
  const stored = {
    ...{ id: 'key_1', partner: 'acme', customerId: null, scopes: [], plan: 'bulk', signingKey: null },
    ...{ expiresAt: '2026-01-01T00:00:00.000Z', revokedAt: null },
  };
  const asked: unknown[] = [];
  const call = ((operation, input, { deadline }) => {
    asked.push([operation.pattern, input, deadline > performance.now()]);
    const key = (input as { hash: string }).hash === 'known' ? stored : null;
    return Promise.resolve({ value: { key }, source: 'fresh', ageMs: 0 });
  }) as Call;
  const store = serviceKeys(call, byHash);
  expect(await store.findByHash('known')).toEqual({
    ...{ id: 'key_1', partner: 'acme', scopes: [], plan: 'bulk', expiresAt: Date.UTC(2026, 0, 1) },
  });
  expect(await store.findByHash('unknown')).toBeUndefined();
  expect(asked).toEqual([
    ['accounts.apiKeyByHash', { hash: 'known' }, true],
    ['accounts.apiKeyByHash', { hash: 'unknown' }, true],
  ]);
});
