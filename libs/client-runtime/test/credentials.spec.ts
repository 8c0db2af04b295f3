import type { IncomingMessage } from 'node:http';
import type { Authenticator, AuthRequest } from '@facet/access';
import {
  createApiKeyAuthenticator,
  createBearerAuthenticator,
  generateApiKey,
  hashApiKey,
  type ApiKey,
} from '@facet/auth';
import { startIssuer, type Issuer } from '@facet/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  apiKey,
  bearer,
  clientCredentials,
  createDpopKey,
  dpop,
  dpopProof,
  dpopThumbprint,
  session,
  signed,
  signInUrl,
  type Credentials,
} from '../src/index.js';
import { json, problem, serve, shopAt, type Arrived } from './server.js';

let issuer: Issuer;
beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(() => issuer?.stop());

const AUDIENCE = 'urn:facet:spec';

/** A gateway that lets pass whom libs/auth does, and says who that is. */
async function guarded(authenticator: Authenticator) {
  const server = await serve(async (arrived, response) => {
    try {
      const caller = await authenticator.authenticate(authRequestOf(arrived));
      if (caller === undefined) problem(response, 401, 'auth.required');
      else json(response, { id: caller.subject });
    } catch (error) {
      const { status = 500, code = 'internal' } = error as { status?: number; code?: string };
      problem(response, status, code);
    }
  });
  return { ...server, call: (credentials: Credentials) => shopAt(server.url, { credentials }) };
}

function authRequestOf({ method, url, headers, body }: Arrived): AuthRequest {
  return {
    ...{ method, url: new URL(url, `http://${headers['host'] ?? ''}`), target: url },
    headers: Object.entries(headers as IncomingMessage['headers']).map(([name, value]) => [
      name,
      String(value),
    ]),
    ...{ remoteAddress: '127.0.0.1', requestId: 'r' },
    body: () => Promise.resolve(Buffer.from(body)),
  };
}

const bearerGateway = () =>
  guarded(
    createBearerAuthenticator({
      issuer: issuer.url,
      audience: AUDIENCE,
      kind: 'user',
      maxLifetimeSeconds: 3_600,
    }),
  );

const refusal = (code: string) => ({ ok: false, problem: expect.objectContaining({ code }) });

describe('a bearer token', () => {
  test('is taken by a gateway, and asked for once for all calls', async () => {
    let asked = 0;
    const { call } = await bearerGateway();
    const shop = call(bearer(() => ((asked += 1), issuer.token(AUDIENCE))));
    const answers = await Promise.all([shop.item({ id: 'a' }), shop.item({ id: 'b' })]);
    expect(answers).toMatchObject([{ ok: true, value: { id: 'user-1' } }, { ok: true }]);
    expect(asked).toBe(1);
  });

  test('that is refused is renewed once for all who wait, also for a call that does something', async () => {
    const { call, arrived } = await bearerGateway();
    const renewed: (string | undefined)[] = [];
    const shop = call(
      bearer((refused) => {
        renewed.push(refused);
        return refused === undefined ? 'expired' : issuer.token(AUDIENCE);
      }),
    );
    const answers = await Promise.all([
      shop.item({ id: 'a' }),
      shop.touch({ id: 'b' }),
      shop.item({ id: 'c' }),
    ]);
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(renewed).toEqual([undefined, 'expired']);
    expect(arrived.filter(({ headers }) => headers['authorization'] === 'Bearer expired')).toHaveLength(3);
  });

  test('that cannot be renewed is the refusal of the gateway, and asked for again by the next call', async () => {
    const { call, arrived } = await bearerGateway();
    const shop = call(bearer((refused) => refused ?? 'expired'));
    expect(await shop.item({ id: 'a' })).toMatchObject({ ok: false, problem: { status: 401 } });
    expect(arrived).toHaveLength(1);
    const none = call(bearer(() => Promise.reject(new Error('signed out'))));
    expect(await none.item({ id: 'a' })).toEqual({
      ok: false,
      problem: expect.objectContaining({ code: 'client.no-credentials', detail: 'signed out' }),
    });
  });
});

describe('a token that is bound to a key (DPoP)', () => {
  test('is taken with a proof of the key for each request, and not without', async () => {
    const key = await createDpopKey();
    const { call, arrived } = await bearerGateway();
    const cnf = { jkt: await dpopThumbprint(key) };
    const source = () => issuer.token(AUDIENCE, { claims: { cnf } });
    const shop = call(dpop(source, key));
    for (const id of ['a', 'b?c']) expect(await shop.item({ id, sizes: [1] })).toMatchObject({ ok: true });
    expect(await shop.order({ lines: [1] })).toMatchObject({ ok: true });
    const proofs = arrived.map(({ headers }) => headers['dpop']);
    expect(new Set(proofs).size).toBe(3);
    expect(await call(bearer(source)).item({ id: 'a' })).toMatchObject({
      ok: false,
      problem: { status: 401 },
    });
    const stolen = call(dpop(source, await createDpopKey()));
    expect(await stolen.item({ id: 'a' })).toMatchObject({ ok: false, problem: { status: 401 } });
  });

  test('is asked for at an issuer with a proof that goes with no token, by a key that stays where it is', async () => {
    const key = await createDpopKey();
    const proof = await dpopProof(key, { method: 'POST', url: 'https://issuer.example/token?x=1' });
    const payload = JSON.parse(Buffer.from(proof.split('.')[1] ?? '', 'base64url').toString()) as object;
    expect(payload).toMatchObject({ htm: 'POST', htu: 'https://issuer.example/token' });
    expect(payload).not.toHaveProperty('ath');
    await expect(crypto.subtle.exportKey('jwk', key.privateKey)).rejects.toThrow();
  });
});

describe("a partner's API key", () => {
  const { key, hash } = issued();

  function issued() {
    const made = generateApiKey();
    return { key: made, hash: hashApiKey(made) };
  }

  const keyStore = (more: Partial<ApiKey> = {}) => ({
    findByHash: (asked: string) =>
      Promise.resolve(
        asked === hash ? { id: 'key_1', partner: 'acme', scopes: [], plan: 'standard', ...more } : undefined,
      ),
  });

  test('is taken as it is', async () => {
    const { call } = await guarded(createApiKeyAuthenticator({ store: keyStore() }));
    expect(await call(apiKey(key)).item({ id: 'a' })).toMatchObject({ ok: true, value: { id: 'key_1' } });
    expect(await call(apiKey('fct_wrong')).item({ id: 'a' })).toMatchObject({
      ok: false,
      problem: { status: 401 },
    });
  });

  test.each([
    ['Ed25519', { name: 'Ed25519' }],
    ['ECDSA P-256', { name: 'ECDSA', namedCurve: 'P-256' }],
  ])('that was issued with a signing key signs each request, %s', async (_, algorithm) => {
    const pair = (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as Awaited<
      ReturnType<typeof createDpopKey>
    >;
    const signingKey = await crypto.subtle.exportKey('jwk', pair.publicKey);
    const { call, arrived } = await guarded(
      createApiKeyAuthenticator({ store: keyStore({ signingKey: { ...signingKey } }) }),
    );
    const shop = call(signed(apiKey(key), { keyId: 'key_1', privateKey: pair.privateKey }));
    expect(await shop.item({ id: 'ü/1', sizes: [1, 2] })).toMatchObject({ ok: true });
    expect(await shop.order({ lines: [1, 2] })).toMatchObject({ ok: true });
    expect(new Set(arrived.map(({ headers }) => headers['signature'])).size).toBe(2);
    expect(await call(apiKey(key)).item({ id: 'a' })).toMatchObject({ ok: false, problem: { status: 401 } });
    const other = call(signed(apiKey(key), { keyId: 'key_2', privateKey: pair.privateKey }));
    expect(await other.item({ id: 'a' })).toMatchObject({ ok: false, problem: { status: 401 } });
  });
});

describe('client credentials', () => {
  test('are a token from the issuer, used until it is about to end', async () => {
    const gateway = await guarded(
      createBearerAuthenticator({
        issuer: issuer.url,
        audience: AUDIENCE,
        kind: 'client',
        maxLifetimeSeconds: 3_600,
      }),
    );
    const claims = { sub: 'acme', client_id: 'acme' };
    const tokens = await serve(async ({ headers, body }, response, count) => {
      if (headers['authorization'] !== `Basic ${btoa('acme:s%3Acret')}`) return problem(response, 401, 'x');
      expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
        grant_type: 'client_credentials',
        scope: 'orders:read',
      });
      const access_token = await issuer.token(AUDIENCE, { claims });
      // The first is over at once.
      json(response, { access_token, expires_in: count === 1 ? 0 : 300 });
    });
    const secret = { tokenUrl: tokens.url, clientId: 'acme', clientSecret: 's:cret', scope: 'orders:read' };
    const shop = gateway.call(clientCredentials(secret));
    for (const id of ['a', 'b', 'c'])
      expect(await shop.item({ id })).toMatchObject({ value: { id: 'acme' } });
    expect(tokens.arrived).toHaveLength(2);
    const wrong = gateway.call(clientCredentials({ ...secret, clientSecret: 'wrong' }));
    expect(await wrong.item({ id: 'a' })).toEqual(refusal('client.no-credentials'));
  });
});

describe("a browser's session", () => {
  test('sends the header that proves that its own page asks, and cookies to its own origin alone', async () => {
    const { url, arrived } = await serve((_, response) => json(response, { id: 'a' }));
    const sent: RequestInit['credentials'][] = [];
    const noting: typeof fetch = (asked, init) => {
      sent.push(init?.credentials);
      return fetch(asked, init);
    };
    for (const options of [{}, { crossOrigin: true }, { cookie: 'a=b' }])
      await shopAt(url, { credentials: session(options), fetch: noting }).item({ id: 'a' });
    await shopAt(url, { fetch: noting }).item({ id: 'a' });
    expect(sent).toEqual(['same-origin', 'include', 'same-origin', 'omit']);
    expect(arrived.map(({ headers }) => [headers['x-csrf'], headers['cookie']])).toEqual([
      ['1', undefined],
      ['1', undefined],
      ['1', 'a=b'],
      [undefined, undefined],
    ]);
  });

  test('begins where the gateway signs in', () => {
    expect(signInUrl('https://shop.example/', '/cart?a=1')).toBe(
      'https://shop.example/auth/login?returnTo=%2Fcart%3Fa%3D1',
    );
  });
});
