import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@facet/testing';
import { startIssuer, type Issuer } from '@facet/testing/issuer';
import { createBearerAuthenticator } from '../src/bearer/authenticator.js';
import { createKeySet, type KeySet, type KeySetOptions } from '../src/bearer/key-set.js';
import { requestOf } from './requests.js';

const AUDIENCE = 'https://mobile.example.com';
let issuer: Issuer;
let time: number;

beforeEach(async () => {
  issuer = await startIssuer();
  time = 1_000_000;
});
afterEach(() => issuer.stop());

function gateway(options: Partial<KeySetOptions> = {}) {
  const keys = { now: () => time, ...options };
  const mobile = createBearerAuthenticator({
    issuer: issuer.url,
    audience: AUDIENCE,
    kind: 'user',
    keys,
  });
  return (token: string) =>
    mobile.authenticate(requestOf({ headers: [['authorization', `Bearer ${token}`]] }));
}
const accepted = expect.objectContaining({ subject: 'user-1' });

describe('the keys of the issuer', () => {
  test('J5 a thousand made-up key ids cause one fetch in 30 s', async () => {
    const check = gateway();
    expect(await check(await issuer.token(AUDIENCE))).toEqual(accepted);
    time += 30_000;
    const forged = await Promise.all(
      Array.from({ length: 1_000 }, (_, i) => issuer.token(AUDIENCE, { header: { kid: `made-up-${i}` } })),
    );
    for (const batch of [forged.slice(0, 500), forged.slice(500)]) {
      const results = await Promise.allSettled(batch.map(async (token) => check(token)));
      expect(results.every(({ status }) => status === 'rejected')).toBe(true);
      time += 14_000;
    }
    expect(issuer.keyFetches).toBe(2);
  });

  test('J5 requests that come before the keys are known wait for one fetch', async () => {
    const check = gateway();
    const token = await issuer.token(AUDIENCE);
    expect(await Promise.all(Array.from({ length: 50 }, async () => check(token)))).toHaveLength(50);
    expect(issuer.keyFetches).toBe(1);
  });

  test('J5 a rotated key works as soon as a token names it', async () => {
    const check = gateway();
    const before = await issuer.token(AUDIENCE);
    expect(await check(before)).toEqual(accepted);
    await issuer.rotate();
    time += 30_000;
    expect(await check(await issuer.token(AUDIENCE))).toEqual(accepted);
    expect(await check(before)).toEqual(accepted);
  });

  test('J5 a key that the issuer no longer publishes stops working with the next renewal', async () => {
    const check = gateway({ maxAgeMs: 600_000 });
    const before = await issuer.token(AUDIENCE);
    await check(before);
    await issuer.rotate({ forget: true });
    time += 30_000;
    expect(await check(await issuer.token(AUDIENCE))).toEqual(accepted);
    await expect(check(before)).rejects.toMatchObject({ status: 401 });
  });

  test('J5 known keys go on working while the issuer fails, however old they are', async () => {
    const check = gateway();
    const token = await issuer.token(AUDIENCE);
    await check(token);
    issuer.fail(true);
    for (let hours = 0; hours < 5; hours += 1) {
      time += 3_600_000;
      expect(await check(token)).toEqual(accepted);
    }
  });

  test('J5 without any key a token is not refused but unanswered: 503, and it works once the issuer is back', async () => {
    issuer.fail(true);
    const check = gateway();
    const token = await issuer.token(AUDIENCE);
    await expect(check(token)).rejects.toMatchObject({ code: 'auth.issuer-unavailable', status: 503 });
    issuer.fail(false);
    await expect(check(token)).rejects.toMatchObject({ status: 503 });
    time += 1_000;
    expect(await check(token)).toEqual(accepted);
  });

  test('J2 a discovery document that names another issuer is not believed', async () => {
    const { port } = new URL(issuer.url);
    const mobile = createBearerAuthenticator({
      issuer: `http://localhost:${port}`,
      audience: AUDIENCE,
      kind: 'user',
    });
    const token = await issuer.token(AUDIENCE, { claims: { iss: `http://localhost:${port}` } });
    const request = requestOf({ headers: [['authorization', `Bearer ${token}`]] });
    await expect(mobile.authenticate(request)).rejects.toMatchObject({ status: 503 });
    expect(issuer.keyFetches).toBe(0);
  });

  test('a token that holds is verified once in its life, one that does not each time', async () => {
    const keys = createKeySet({ issuer: issuer.url, now: () => time });
    let found = 0;
    let clock = Date.now();
    const counting: KeySet = { ...keys, find: (...given) => ((found += 1), keys.find(...given)) };
    const authenticator = createBearerAuthenticator({
      ...{ issuer: issuer.url, audience: AUDIENCE, kind: 'user', keys: counting, now: () => clock },
    });
    const check = (token: string) =>
      authenticator.authenticate(requestOf({ headers: [['authorization', `Bearer ${token}`]] }));
    const token = await issuer.token(AUDIENCE);
    await check(token);
    await check(token);
    const before = found;
    const callers = await Promise.all(Array.from({ length: 50 }, async () => check(token)));
    expect(found).toBe(before);
    expect(new Set(callers).size).toBe(1);

    for (const other of [`${token.slice(0, -4)}AAAA`, await issuer.token('urn:elsewhere')]) {
      for (const _ of [1, 2])
        await expect(check(other)).rejects.toMatchObject({ code: 'auth.invalid-token' });
    }
    expect(found).toBe(before + 4);
    clock += 400_000;
    await expect(check(token)).rejects.toMatchObject({ code: 'auth.token-expired' });
  });

  test('a token that was verified is refused as soon as its key is known to be withdrawn', async () => {
    const check = gateway();
    const token = await issuer.token(AUDIENCE);
    for (const _ of [1, 2, 3]) expect(await check(token)).toEqual(accepted);
    await issuer.rotate({ forget: true });
    time += 600_001;
    await eventually(
      async () =>
        (await Promise.resolve(check(token)).catch(({ code }: { code: string }) => code)) ===
        'auth.invalid-token',
    );
  });

  test.each([
    ['no kty', [{ kid: 'odd', alg: 'ES256' }]],
    ['a kty that nobody knows', [{ kty: 'QUANTUM', kid: 'odd' }]],
    ['a member missing', [{ kty: 'RSA', kid: 'odd', e: 'AQAB' }]],
    ['a curve that nobody knows', [{ kty: 'EC', crv: 'P-1', x: 'AA', y: 'AA' }]],
    ['a point off its curve', [{ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }]],
    ['a secret', [{ kty: 'oct', k: 'c2VjcmV0', kid: 'odd', alg: 'HS256' }]],
    [
      'the id of a good key and no material',
      (kid: string) => [{ kty: 'EC', crv: 'P-256', kid, alg: 'ES256' }],
    ],
    ['no object at all', [null, 5, 'key', []]],
  ])('J9 a key with %s is ignored and the others count', async (_, odd) => {
    const { kid, publicJwk } = issuer.key;
    const keys = [...(typeof odd === 'function' ? odd(kid) : odd), publicJwk];
    const server = createServer((_request, response) => void response.end(JSON.stringify({ keys })));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      const check = gateway({ jwksUri: `http://127.0.0.1:${port}/` });
      expect(await check(await issuer.token(AUDIENCE))).toEqual(accepted);
    } finally {
      server.close();
    }
  });
});
