import { createHash, generateKeyPairSync, sign as signBytes, type KeyObject } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { createApiKeyAuthenticator } from '../src/keys/authenticator.js';
import { generateApiKey } from '../src/keys/format.js';
import { requestOf, type FakeRequest } from './requests.js';

// Loaded after our own modules: it is CommonJS and requires an ES module that they import too.
const { httpbis } = await import('http-message-signatures');

const TIME = Date.UTC(2026, 0, 1);
const apiKey = generateApiKey();
const ed25519 = generateKeyPairSync('ed25519');
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const refused = expect.objectContaining({ code: 'auth.invalid-signature', status: 401 });

const OWN = ['https://partner.example.com'];

function gateway(pair: { publicKey: KeyObject } = ed25519, origins: readonly string[] | null = OWN) {
  const key = {
    id: 'key_1',
    partner: 'acme',
    scopes: [],
    plan: 'standard',
    signingKey: pair.publicKey.export({ format: 'jwk' }) as Record<string, unknown>,
  };
  const store = { findByHash: () => Promise.resolve(key) };
  const options = { store, clock: () => TIME };
  return createApiKeyAuthenticator(origins === null ? options : { ...options, origins });
}

const digestOf = (body: string) => `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
const order = { method: 'POST', url: 'https://partner.example.com/v1/orders?draft=1', body: '{"lines":[]}' };
const usual = ['@method', '@target-uri', 'content-digest', 'authorization'];

interface Signing {
  fields?: string[];
  keyid?: string;
  nonce?: string;
  created?: number;
  by?: KeyObject;
  alg?: string;
  params?: string[];
}

/** Signs with an implementation of RFC 9421 that is not ours, as a partner would. */
async function sign(
  request: { method: string; url: string; body?: string },
  options: Signing = {},
): Promise<FakeRequest> {
  const {
    fields = usual,
    keyid = 'key_1',
    created = TIME,
    by = ed25519.privateKey,
    alg = 'ed25519',
  } = options;
  const headers: Record<string, string> = { authorization: `Bearer ${apiKey}`, host: 'partner.example.com' };
  if (request.body !== undefined) headers['content-digest'] = digestOf(request.body);
  const signed = await httpbis.signMessage(
    {
      key: {
        id: keyid,
        alg,
        sign: (data) =>
          Promise.resolve(
            alg === 'ed25519'
              ? signBytes(null, data, by)
              : signBytes('sha256', data, { key: by, dsaEncoding: 'ieee-p1363' }),
          ),
      },
      fields,
      params: options.params ?? ['created', 'nonce', 'keyid', 'alg'],
      paramValues: { created: new Date(created), nonce: options.nonce ?? crypto.randomUUID() },
    },
    { method: request.method, url: request.url, headers },
  );
  const entries = Object.entries(signed.headers);
  return { ...request, headers: entries.map(([name, value]) => [name.toLowerCase(), value] as const) };
}
const send = (request: FakeRequest, auth = gateway()) => auth.authenticate(requestOf(request));

describe('P4 a partner that signs its requests', () => {
  test('P4 a request that another implementation of RFC 9421 has signed is taken, with Ed25519 and with P-256', async () => {
    expect(await send(await sign(order))).toHaveProperty('client', 'acme');
    const options = { by: p256.privateKey, alg: 'ecdsa-p256-sha256' };
    expect(await send(await sign(order, options), gateway(p256))).toHaveProperty('client', 'acme');
    const get = { method: 'GET', url: 'https://partner.example.com/v1/feed' };
    expect(
      await send(await sign(get, { fields: ['@method', '@authority', '@request-target'] })),
    ).toHaveProperty('client');
  });

  test('P4 the key alone is not enough', async () => {
    await expect(send({ headers: [['authorization', `Bearer ${apiKey}`]] })).rejects.toEqual(refused);
  });

  test('P4 a changed body is refused, with the old digest and with a new one', async () => {
    const signed = await sign(order);
    const body = '{"lines":[1]}';
    const headers = signed.headers?.map(
      ([name, value]) => [name, name === 'content-digest' ? digestOf(body) : value] as const,
    );
    await expect(send({ ...signed, body })).rejects.toEqual(refused);
    await expect(send({ ...signed, body, headers: headers ?? [] })).rejects.toEqual(refused);
  });

  test('P4 another method, path, query, host or key in the header is refused', async () => {
    const signed = await sign(order);
    const changes: FakeRequest[] = [
      { method: 'PUT' },
      { url: 'https://partner.example.com/v1/orders' },
      { url: 'https://partner.example.com/v1/orders?draft=2' },
      { url: 'https://partner.example.com/v1/payments?draft=1' },
      { url: 'https://other.example.com/v1/orders?draft=1' },
      {
        headers: (signed.headers ?? []).map(([name, value]) =>
          name === 'authorization'
            ? ([name, `Bearer ${generateApiKey()}`] as const)
            : ([name, value] as const),
        ),
      },
    ];
    for (const change of changes) await expect(send({ ...signed, ...change })).rejects.toEqual(refused);
  });

  test('P4 a target that reads otherwise than it arrives is refused', async () => {
    const fields = ['@method', '@authority', '@path', '@query'];
    const get = { method: 'GET', url: 'https://partner.example.com/v1/catalog' };
    expect(await send(await sign(get, { fields }))).toHaveProperty('client');
    for (const target of ['/v1/catalog#limit=1', '/v1/catalog?limit=1', '/v1/./catalog', '/v1\\catalog'])
      for (const covered of [
        fields,
        ['@method', '@target-uri'],
        ['@method', '@authority', '@request-target'],
      ])
        await expect(send({ ...(await sign(get, { fields: covered })), target })).rejects.toEqual(refused);
  });

  test.each(['https://evil.example', 'http://partner.example.com:8080', 'https://partner.example.com:444'])(
    'P4 one for %s, sent with a Host that says the same, is refused',
    async (origin) => {
      for (const fields of [
        ['@method', '@target-uri'],
        ['@method', '@authority', '@path', '@query'],
      ])
        await expect(
          send(await sign({ method: 'GET', url: `${origin}/v1/feed` }, { fields })),
        ).rejects.toEqual(refused);
    },
  );

  test('P4 without origins of its own a gateway goes by the names of this machine alone', async () => {
    const auth = gateway(ed25519, null);
    const signed = (url: string) => sign({ method: 'GET', url }, { fields: ['@method', '@target-uri'] });
    expect(await send(await signed('http://localhost:3020/v1/feed'), auth)).toHaveProperty('client');
    await expect(send(await signed('https://partner.example.com/v1/feed'), auth)).rejects.toEqual(refused);
  });

  test('P4 one that leaves method, target or digest uncovered is refused', async () => {
    for (const fields of [
      ['@target-uri', 'content-digest'],
      ['@method', 'content-digest'],
      ['@method', '@target-uri'],
      ['@method', '@path', 'content-digest'],
      [],
    ])
      await expect(send(await sign(order, { fields }))).rejects.toEqual(refused);
  });

  test('P4 one older than 300 s, from the future, or without a time is refused', async () => {
    expect(await send(await sign(order, { created: TIME - 299_000 }))).toHaveProperty('client');
    for (const created of [TIME - 301_000, TIME + 60_000])
      await expect(send(await sign(order, { created }))).rejects.toEqual(refused);
    await expect(send(await sign(order, { params: ['nonce', 'keyid'] }))).rejects.toEqual(refused);
  });

  test('P4 a nonce counts once, and one is required', async () => {
    const auth = gateway();
    const signed = await sign(order);
    expect(await send(signed, auth)).toHaveProperty('client');
    await expect(send(signed, auth)).rejects.toEqual(refused);
    await expect(send(await sign(order, { params: ['created', 'keyid'] }))).rejects.toEqual(refused);
  });

  test('P4 a signature by another key, or under the name of another, is refused', async () => {
    const stranger = generateKeyPairSync('ed25519').privateKey;
    await expect(send(await sign(order, { by: stranger }))).rejects.toEqual(refused);
    await expect(send(await sign(order, { keyid: 'key_2' }))).rejects.toEqual(refused);
    const options = { by: p256.privateKey, alg: 'ecdsa-p256-sha256' };
    await expect(send(await sign(order, options))).rejects.toEqual(refused);
  });

  test('P4 headers that are no signature at all are refused, and never break the gateway', async () => {
    const good = (await sign(order)).headers ?? [];
    const without = good.filter(([name]) => !name.startsWith('signature'));
    const pairs: [string, string][] = [
      ['', ''],
      ['sig=1', 'sig=:AA==:'],
      ['sig=("@method" "@target-uri" "content-digest")', 'sig=1'],
      ['sig=("@method";req "@target-uri");keyid="key_1"', 'sig=:AA==:'],
      ['sig=("@method" "@method");keyid="key_1"', 'sig=:AA==:'],
      ['sig=("@status" "@method" "@target-uri" "content-digest");keyid="key_1"', 'sig=:AA==:'],
      [')(', ')('],
      ['a=();b=()', 'a=:AA==:'],
      [`sig=("${'x'.repeat(10_000)}")`, 'sig=:AA==:'],
    ];
    for (const [input, signature] of pairs)
      await expect(
        send({ ...order, headers: [...without, ['signature-input', input], ['signature', signature]] }),
      ).rejects.toEqual(refused);
  });
});
