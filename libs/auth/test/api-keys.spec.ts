import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createApiKeyAuthenticator } from '../src/keys/authenticator.js';
import { generateApiKey, hashApiKey, hintOf } from '../src/keys/format.js';
import type { ApiKey, ApiKeyStore } from '../src/keys/store.js';
import { requestOf } from './requests.js';

const invalid = expect.objectContaining({ code: 'auth.invalid-key', status: 401 });

/** A store that counts what it is asked, can fail, and can be made to wait. */
function createStore() {
  const keys = new Map<string, ApiKey>();
  const store = {
    asked: 0,
    failing: false,
    gate: Promise.resolve(),
    put: (text: string, key: Partial<ApiKey> = {}) => {
      const whole = { id: 'key_1', partner: 'acme', scopes: ['catalog:read'], plan: 'standard', ...key };
      keys.set(hashApiKey(text) ?? '', whole);
    },
    findByHash: async (hash: string) => {
      store.asked += 1;
      const found = keys.get(hash);
      await store.gate;
      if (store.failing) throw new Error('the store is away');
      return found;
    },
  } satisfies ApiKeyStore & Record<string, unknown>;
  return store;
}

function world() {
  const store = createStore();
  const time = { now: 10_000, clock: Date.UTC(2026, 0, 1) };
  const gateway = () => {
    const auth = createApiKeyAuthenticator({ store, now: () => time.now, clock: () => time.clock });
    return (key: string, scheme = 'Bearer') =>
      auth.authenticate(requestOf({ headers: [['authorization', `${scheme} ${key}`]] }));
  };
  const key = generateApiKey();
  return { store, time, gateway, key };
}

describe('the form of a key', () => {
  test('P1 a key has 256 random bits, no two are alike, and its checksum fits', () => {
    const keys = Array.from({ length: 1_000 }, generateApiKey);
    expect(new Set(keys).size).toBe(1_000);
    for (const key of keys) {
      expect(key).toMatch(/^fct_[0-9A-Za-z]{49}$/);
      expect(hashApiKey(key)).toMatch(/^[\w-]{43}$/);
    }
    // Over a thousand keys every place but the first, which is small, has seen nearly every character.
    for (let at = 5; at < 47; at += 1) expect(new Set(keys.map((key) => key[at])).size).toBeGreaterThan(55);
  });

  test('P1 what is stored and what is shown again do not give the key away', () => {
    const key = generateApiKey();
    expect(hashApiKey(key)).not.toContain(key.slice(4, 12));
    expect(hintOf(key)).toBe(`fct_…${key.slice(-4)}`);
  });

  test('P1 a key with any character changed is refused without asking the store', async () => {
    const { store, gateway, key } = world();
    store.put(key);
    const check = gateway();
    await fc.assert(
      fc.asyncProperty(fc.nat(key.length - 1), fc.constantFrom(...'aZ0_-é \n'), async (at, character) => {
        fc.pre(key[at] !== character);
        await expect(check(key.slice(0, at) + character + key.slice(at + 1))).rejects.toEqual(invalid);
      }),
    );
    expect(store.asked).toBe(0);
  });
});

describe('a partner with a key', () => {
  test('P1 is the caller that the store says, for itself and for nobody else', async () => {
    const { store, gateway, key } = world();
    store.put(key, { customerId: 'cus_3', scopes: ['catalog:read', 'orders:read'] });
    expect(await gateway()(key)).toEqual({
      subject: 'key_1',
      kind: 'client',
      client: 'acme',
      scopes: ['catalog:read', 'orders:read'],
      roles: [],
      customerId: 'cus_3',
      plan: 'standard',
      credential: 'api-key',
    });
  });

  test('P1 an unknown, a mistyped, an expired and a revoked key get the very same answer', async () => {
    const { store, time, gateway } = world();
    const [expired, revoked] = [generateApiKey(), generateApiKey()];
    store.put(expired, { expiresAt: time.clock });
    store.put(revoked, { revokedAt: time.clock - 1 });
    const answers = await Promise.all(
      [generateApiKey(), 'fct_mistyped', expired, revoked].map((key) =>
        Promise.resolve(gateway()(key)).catch((error: { toWire(): unknown }) => error.toWire()),
      ),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  test('P1 the key is taken from the Authorization header as a bearer, and from nowhere else', async () => {
    const { store, gateway, key } = world();
    store.put(key);
    await expect(gateway()(key, 'Basic')).rejects.toEqual(invalid);
    const auth = createApiKeyAuthenticator({ store });
    const elsewhere = requestOf({
      headers: [
        ['x-api-key', key],
        ['cookie', `key=${key}`],
      ],
      url: `/?api_key=${key}`,
    });
    expect(await auth.authenticate(elsewhere)).toBeUndefined();
  });

  test('P2 two keys live side by side while one replaces the other', async () => {
    const { store, time, gateway, key } = world();
    const next = generateApiKey();
    store.put(key, { expiresAt: time.clock + 86_400_000 });
    store.put(next, { id: 'key_2' });
    const check = gateway();
    expect(await check(key)).toHaveProperty('subject', 'key_1');
    expect(await check(next)).toHaveProperty('subject', 'key_2');
    time.clock += 86_400_000;
    await expect(check(key)).rejects.toEqual(invalid);
    expect(await check(next)).toHaveProperty('subject', 'key_2');
  });

  test('P2 a revoked key is dead in every gateway within 5 s, also where the store fails from then on', async () => {
    for (const storeFails of [false, true]) {
      const { store, time, gateway, key } = world();
      store.put(key);
      const gateways = [gateway(), gateway(), gateway()];
      await Promise.all(gateways.map(async (check) => check(key)));
      store.put(key, { revokedAt: time.clock });
      store.failing = storeFails;
      time.now += 5_000;
      for (const check of gateways)
        await expect(check(key)).rejects.toMatchObject({ status: storeFails ? 503 : 401 });
    }
  });

  test('P2 an answer that was on its way when the key was revoked counts from when it was asked for', async () => {
    const { store, time, gateway, key } = world();
    store.put(key);
    const check = gateway();
    const gate = Promise.withResolvers<void>();
    store.gate = gate.promise;
    const slow = check(key);
    store.put(key, { revokedAt: time.clock });
    time.now += 4_000;
    gate.resolve();
    expect(await slow).toHaveProperty('subject');
    time.now += 1_000;
    await expect(check(key)).rejects.toEqual(invalid);
  });

  test('the store is asked once for all who wait, and not again for two seconds, unknown keys too', async () => {
    const { store, time, gateway, key } = world();
    store.put(key);
    const check = gateway();
    await Promise.all(Array.from({ length: 50 }, async () => check(key)));
    const unknown = generateApiKey();
    await Promise.allSettled(Array.from({ length: 50 }, async () => check(unknown)));
    time.now += 1_999;
    await check(key);
    expect(store.asked).toBe(2);
    time.now += 1;
    await check(key);
    expect(store.asked).toBe(3);
  });

  test('a store that fails is bridged for a known key, and a new one is told to come again', async () => {
    const { store, time, gateway, key } = world();
    store.put(key);
    const check = gateway();
    await check(key);
    store.failing = true;
    time.now += 4_999;
    expect(await check(key)).toHaveProperty('subject');
    await expect(check(generateApiKey())).rejects.toMatchObject({
      code: 'auth.keys-unavailable',
      status: 503,
    });
    store.failing = false;
    time.now += 10_000;
    expect(await check(key)).toHaveProperty('subject');
  });

  test('a promise of more than 5 s is refused when it is made', () => {
    expect(() => createApiKeyAuthenticator({ store: createStore(), lastResortMs: 6_000 })).toThrow(
      /it is 6000/,
    );
  });
});
