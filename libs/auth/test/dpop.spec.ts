import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, hasRedis, startRedis } from '@facet/testing';
import { startIssuer, type Issuer } from '@facet/testing/issuer';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';
import { createBearerAuthenticator } from '../src/bearer/authenticator.js';
import { createReplayGuard } from '../src/replay.js';
import { createSharedReplays } from '../src/shared-replays.js';
import { requestOf } from './requests.js';

const AUDIENCE = 'https://mobile.example.com';
let issuer: Issuer;
type PrivateKey = Issuer['key']['privateKey'];
let device: { privateKey: PrivateKey; jwk: JWK; jkt: string };

async function makeDevice() {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(publicKey);
  return { privateKey, jwk, jkt: await calculateJwkThumbprint(jwk) };
}

beforeAll(async () => {
  issuer = await startIssuer();
  device = await makeDevice();
});
afterAll(() => issuer.stop());

const boundToken = () => issuer.token(AUDIENCE, { claims: { cnf: { jkt: device.jkt } } });

interface Proof {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  by?: PrivateKey;
}

function proofFor(token: string, { claims = {}, header = {}, by = device.privateKey }: Proof = {}) {
  const payload = {
    jti: crypto.randomUUID(),
    htm: 'GET',
    htu: 'https://mobile.example.com/v1/orders',
    iat: Math.floor(Date.now() / 1000),
    ath: createHash('sha256').update(token).digest('base64url'),
    ...claims,
  };
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: device.jwk, ...header })
    .sign(by);
}

function authenticator() {
  const options = { issuer: issuer.url, audience: AUDIENCE, kind: 'user' as const };
  return createBearerAuthenticator({ ...options, origins: [AUDIENCE] });
}
const send = (
  token: string,
  proofs: string[],
  { scheme = 'DPoP', auth = authenticator(), url = '/v1/orders' } = {},
) =>
  auth.authenticate(
    requestOf({
      url,
      headers: [['authorization', `${scheme} ${token}`], ...proofs.map((proof) => ['dpop', proof] as const)],
    }),
  );
const refused = expect.objectContaining({ code: 'auth.invalid-proof', status: 401 });

describe('J8 a token that is bound to a key', () => {
  test('J8 is taken with a proof of that key, made for this request', async () => {
    const token = await boundToken();
    expect(await send(token, [await proofFor(token)], { url: '/v1/orders?page=2' })).toHaveProperty(
      'subject',
      'user-1',
    );
  });

  test('J8 is refused without a proof, with two, and as a plain bearer token', async () => {
    const token = await boundToken();
    const proof = await proofFor(token);
    await expect(send(token, [])).rejects.toEqual(refused);
    await expect(send(token, [proof, await proofFor(token)])).rejects.toEqual(refused);
    await expect(send(token, [proof], { scheme: 'Bearer' })).rejects.toMatchObject({ status: 401 });
    await expect(send(token, [], { scheme: 'Bearer' })).rejects.toMatchObject({ status: 401 });
  });

  test('J8 a proof counts once', async () => {
    const token = await boundToken();
    const auth = authenticator();
    const proof = await proofFor(token);
    expect(await send(token, [proof], { auth })).toHaveProperty('subject');
    await expect(send(token, [proof], { auth })).rejects.toEqual(refused);
  });

  test.each<[string, () => Proof]>([
    ['for another method', () => ({ claims: { htm: 'POST' } })],
    ['for another path', () => ({ claims: { htu: 'https://mobile.example.com/v1/cart' } })],
    ['for another host', () => ({ claims: { htu: 'https://evil.example/v1/orders' } })],
    ['with credentials in its URL', () => ({ claims: { htu: 'https://a:b@mobile.example.com/v1/orders' } })],
    ['with a user in its URL', () => ({ claims: { htu: 'https://@mobile.example.com/v1/orders' } })],
    ['with a query', () => ({ claims: { htu: 'https://mobile.example.com/v1/orders?' } })],
    ['with a fragment', () => ({ claims: { htu: 'https://mobile.example.com/v1/orders#' } })],
    ['for no URL', () => ({ claims: { htu: '/v1/orders' } })],
    ['for another token', () => ({ claims: { ath: 'a'.repeat(43) } })],
    ['without a token', () => ({ claims: { ath: undefined } })],
    ['that is old', () => ({ claims: { iat: Math.floor(Date.now() / 1000) - 120 } })],
    ['from the future', () => ({ claims: { iat: Math.floor(Date.now() / 1000) + 120 } })],
    ['without an id', () => ({ claims: { jti: undefined } })],
    ['of another type', () => ({ header: { typ: 'JWT' } })],
  ])('J8 a proof %s is refused', async (_, options) => {
    const token = await boundToken();
    await expect(send(token, [await proofFor(token, options())])).rejects.toEqual(refused);
  });

  test.each(['https://evil.example', 'http://mobile.example.com:8080', 'https://mobile.example.com.'])(
    'J8 a proof for %s, sent with a Host that says the same, is refused',
    async (origin) => {
      const token = await boundToken();
      const url = `${origin}/v1/orders`;
      await expect(send(token, [await proofFor(token, { claims: { htu: url } })], { url })).rejects.toEqual(
        refused,
      );
    },
  );

  test('J8 behind a proxy that ends TLS unseen, a proof is for the address that clients know', async () => {
    const token = await boundToken();
    const url = 'http://mobile.example.com/v1/orders';
    expect(await send(token, [await proofFor(token)], { url })).toHaveProperty('subject');
  });

  test.each<[string, boolean]>([
    ['http://localhost:3010', true],
    ['http://127.0.0.1:3010', true],
    ['http://[::1]:3010', true],
    ['http://app.localhost:3010', true],
    ['http://127.0.0.1.nip.io', false],
    ['http://localhost.example', false],
    ['http://192.168.1.2:3010', false],
  ])('J8 without origins of its own a gateway is known by %s: %j', async (origin, isTaken) => {
    const token = await boundToken();
    const url = `${origin}/v1/orders`;
    const auth = createBearerAuthenticator({ issuer: issuer.url, audience: AUDIENCE, kind: 'user' });
    const answer = send(token, [await proofFor(token, { claims: { htu: url } })], { url, auth });
    if (isTaken) expect(await answer).toHaveProperty('subject');
    else await expect(answer).rejects.toEqual(refused);
  });

  test("J8 a thief's own key, and his own key under the owner's name, are refused", async () => {
    const thief = await makeDevice();
    const token = await boundToken();
    const own = await proofFor(token, { by: thief.privateKey, header: { jwk: thief.jwk } });
    const masked = await proofFor(token, { by: thief.privateKey });
    for (const proof of [own, masked]) await expect(send(token, [proof])).rejects.toEqual(refused);
  });

  test('J8 a proof that gives its private key away, or that is none at all, is refused', async () => {
    const token = await boundToken();
    const privateJwk = await exportJWK(device.privateKey);
    const proofs = [await proofFor(token, { header: { jwk: privateJwk } }), '', 'a.b.c', '{}'];
    for (const proof of proofs) await expect(send(token, [proof])).rejects.toEqual(refused);
  });

  test('J8 a token that is not bound cannot be used as if it were', async () => {
    const token = await issuer.token(AUDIENCE);
    await expect(send(token, [await proofFor(token)])).rejects.toMatchObject({ status: 401 });
  });
});

describe('the memory of what was used', () => {
  test('a name counts again after its time', () => {
    let time = 0;
    const guard = createReplayGuard({ now: () => time });
    expect([guard.firstUse('a', 1_000), guard.firstUse('a', 1_000)]).toEqual([true, false]);
    time = 1_000;
    expect(guard.firstUse('a', 1_000)).toBe(true);
  });

  test('a flood does not make it forget: it refuses new names until old ones have expired', () => {
    let time = 0;
    const guard = createReplayGuard({ size: 10, now: () => time });
    for (let i = 0; i < 10; i += 1) expect(guard.firstUse(`${i}`, 1_000)).toBe(true);
    expect([guard.firstUse('new', 1_000), guard.firstUse('0', 1_000)]).toEqual([false, false]);
    time = 1_000;
    expect(guard.firstUse('new', 1_000)).toBe(true);
  });
});

const withRedis = hasRedis ? describe : describe.skip;

withRedis(`J8 instances that share a Redis${hasRedis ? '' : ' (skipped: no redis-server)'}`, () => {
  test('J8 take a proof once among them; while it is away they refuse bound tokens alone, with 503', async () => {
    const redis = await startRedis();
    const instances = [redis.url, redis.url].map((url) => {
      const replays = createSharedReplays({ url, timeoutMs: 500 });
      const options = { issuer: issuer.url, audience: AUDIENCE, kind: 'user' as const, origins: [AUDIENCE] };
      return { ...replays, auth: createBearerAuthenticator({ ...options, replays: replays.guard }) };
    });
    try {
      const token = await boundToken();
      const proof = await proofFor(token);
      const outcomes = await Promise.allSettled(
        [...instances, ...instances].map(async ({ auth }) => send(token, [proof], { auth })),
      );
      expect(outcomes.map(({ status }) => status).sort()).toEqual([
        'fulfilled',
        ...['rejected', 'rejected', 'rejected'],
      ]);
      for (const outcome of outcomes.filter(({ status }) => status === 'rejected'))
        expect(outcome).toMatchObject({ reason: refused });

      await redis.stop();
      const [{ auth } = { auth: authenticator() }] = instances;
      const away = expect.objectContaining({ code: 'auth.replays-unavailable', status: 503 });
      await expect(send(token, [await proofFor(token)], { auth })).rejects.toEqual(away);
      const unbound = await issuer.token(AUDIENCE);
      expect(await send(unbound, [], { scheme: 'Bearer', auth })).toHaveProperty('subject');

      await redis.restart();
      await eventually(async () => send(token, [await proofFor(token)], { auth }));
    } finally {
      await Promise.all(instances.map((each) => each.close()));
      await redis.stop();
    }
  }, 30_000);
});
