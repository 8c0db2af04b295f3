import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hashApiKey } from '@facet/auth';
import { speakAs } from '@facet/auth/assertion';
import { accounts } from '@facet/shop-accounts';
import { connectService, startWorld, type ServiceClient, type World } from '@facet/testing';

const root = join(import.meta.dirname, '../../../..');
let world: World;
let service: ServiceClient;

const hasAccounts = existsSync(join(root, 'apps/accounts/project.json'));
const describeKeys = hasAccounts ? describe : describe.skip;
const why = hasAccounts ? '' : ' (skipped: the samples are gone)';

beforeAll(async () => {
  if (!hasAccounts) return;
  world = await startWorld({ services: ['accounts'] });
  service = await connectService(world.process('accounts').addresses['tcp'], { caller: speakAs('accounts') });
}, 60_000);

afterAll(async () => {
  service?.close();
  await world?.stop();
}, 60_000);

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command as `npm run keys` has it. */
function keys(args: string[], env: Record<string, string> = {}): Promise<Ran> {
  const child = spawn(
    process.execPath,
    [
      '--conditions=@facet/source',
      '--import',
      './tools/dev/register.mjs',
      'libs/shop/keys/src/main.ts',
      ...args,
    ],
    {
      cwd: root,
      env: {
        PATH: process.env['PATH'],
        ACCOUNTS_ADDRESSES: world.process('accounts').addresses['tcp'],
        ...env,
      },
    },
  );
  const text = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (text.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text.err += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...text })));
}
const wanted = ['issue', '--partner', 'acme', '--scopes', 'catalog:read'];
const issue = (...more: string[]) =>
  keys([
    'issue',
    '--partner',
    'acme',
    '--scopes',
    'catalog:read,orders:read',
    '--customer',
    'cus_0003',
    ...more,
  ]);
const keyIn = ({ out }: Ran) => /^fct_\w+$/m.exec(out)?.[0] ?? '';
const idIn = ({ out }: Ran) => /\bkey_\w+/.exec(out)?.[0] ?? '';
const find = async (key: string) =>
  (await service.call(accounts.apiKeyByHash, { hash: hashApiKey(key) ?? '' })).key;

describeKeys(`the keys command${why}`, () => {
  test('P1 issues a key that is shown once and is good for what was said', async () => {
    const issued = await issue('--days', '30');
    expect(issued.code).toBe(0);
    expect(await find(keyIn(issued))).toMatchObject({
      id: idIn(issued),
      partner: 'acme',
      customerId: 'cus_0003',
      scopes: ['catalog:read', 'orders:read'],
      plan: 'standard',
    });
    const { out } = await keys(['list', '--partner', 'acme']);
    expect(out).toContain(idIn(issued));
    expect(out).not.toContain(keyIn(issued));
    expect(world.process('accounts').output()).not.toContain(keyIn(issued));
  });

  test('P2 rotates a key, and revokes it', async () => {
    const old = await issue();
    const next = await keys(['rotate', idIn(old), '--overlap-hours', '1']);
    expect((await find(keyIn(next)))?.revokedAt).toBeNull();
    expect((await find(keyIn(old)))?.replacedBy).toBe(idIn(next));
    expect((await keys(['revoke', idIn(old)])).out).toMatch(/revoked/);
    expect((await find(keyIn(old)))?.revokedAt).not.toBeNull();
  });

  test('P4 takes a public signing key, and none of another kind', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'facet-keys-'));
    try {
      const file = join(folder, 'public.pem');
      const write = (type: 'ed25519' | 'x25519') =>
        writeFileSync(
          file,
          generateKeyPairSync(type as 'ed25519').publicKey.export({ format: 'pem', type: 'spki' }),
        );
      write('ed25519');
      expect((await find(keyIn(await issue('--signing-key', file))))?.signingKey).toMatchObject({
        crv: 'Ed25519',
      });
      write('x25519');
      expect(await issue('--signing-key', file)).toMatchObject({
        code: 1,
        err: expect.stringContaining('expected an Ed25519'),
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('makes a key that a gateway and a service understand', async () => {
    const { out } = await keys(['assertion-key']);
    expect(out).toMatch(/^ASSERTION_KEY='\{.*"d":.*\}'$/m);
    expect(out).toMatch(/^ASSERTION_PUBLIC_KEYS='\{"keys":\[(?!.*"d":).*\]\}'$/m);
  });

  test.each([
    [['list', '--partners', 'acme'], /^Unknown option '--partners'\.\n\nKeys of partners/],
    [['list', '--partner'], /^Option '--partner <value>' argument missing\.?\n\nKeys of partners/],
    [[...wanted, '--days', '1e12'], /^--days is a number above 0 and at most 3650, not 1e12\./],
    [['rotate', 'key_1', '--overlap-hours', '721'], /^--overlap-hours is .* at most 720, not 721\./],
    [[...wanted, '--signing-key', 'package.json'], /^--signing-key package\.json: there is no public key/],
    [[...wanted, '--signing-key', 'no.pem'], /^--signing-key no\.pem: there is no such file\n$/],
  ])('says what is wrong with %j, before anybody is asked', async (args, problem) => {
    const { code, err } = await keys(args, { ACCOUNTS_ADDRESSES: '127.0.0.1:1' });
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(problem) });
  });

  test('doubts a scope that nothing asks for', async () => {
    const { code, err } = await issue('--scopes', 'catalog:raed,orders:read');
    expect(code).toBe(0);
    expect(err).toMatch(/^Mistyped\? No route here asks for catalog:raed, but for catalog:read, /);
  });

  test('says what is wrong and what to do', async () => {
    expect(await keys(['issue'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('--partner is required'),
    });
    expect(await keys(['melt'])).toMatchObject({ code: 1, err: expect.stringContaining('no command melt') });
    expect(await keys(['revoke', 'key_unknown'])).toMatchObject({ code: 1, err: 'there is no such key\n' });
    expect(await keys(['issue', '--partner', 'a b', '--scopes', 'x'])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/partner:.*\n.*scopes/),
    });
    expect(await keys(['list'], { ACCOUNTS_ADDRESSES: '127.0.0.1:1' })).toMatchObject({
      code: 1,
      err: expect.stringContaining('start it with npm start'),
    });
    expect(await keys(['list'], { NODE_ENV: 'production' })).toMatchObject({
      code: 1,
      err: expect.stringMatching(/ASSERTION_KEY.*is not set/),
    });
  });
});
