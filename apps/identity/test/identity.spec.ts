import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@facet/platform';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import axios from 'axios';
import { createLocalJWKSet, createRemoteJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { loadIdentityConfig } from '../src/identity.config.js';
import type { GatewayClient } from '../src/gateways.js';
import { startIdentity, type Identity } from '../src/identity.js';
import { partnerScopes, userScopes } from '../src/scopes.js';
import { clientToken, signInToApp } from '../src/sign-in.js';

const folder = mkdtempSync(join(tmpdir(), 'facet-identity-'));
const keysFile = join(folder, 'keys.json');
const logger = createLogger({ name: 'identity', level: 'silent' });
/** One of each kind, whichever gateways the workspace has. */
const gateways: readonly GatewayClient[] = [
  {
    gateway: 'web-bff',
    clientId: 'web-bff',
    name: 'a page',
    signIn: 'session',
    origin: 'http://localhost:3000',
  },
  { gateway: 'mobile-bff', clientId: 'mobile-bff', name: 'an app', signIn: 'bearer' },
  { gateway: 'partner-bff', clientId: 'partner', name: 'a partner', signIn: 'api-key' },
];
const env = { PORT: '0', ADMIN_PORT: '0', IDENTITY_KEYS_FILE: keysFile, ACCESS_TOKEN_SECONDS: '120' };
const config = loadIdentityConfig(env, gateways);
const [oneScope = ''] = partnerScopes;
const ada = { client: 'mobile-bff', username: 'ada', password: 'ada-in-development' };

describe('the development provider', () => {
  let identity: Identity;

  beforeAll(async () => {
    identity = await startIdentity(config, logger);
  });

  afterAll(async () => {
    await identity.stop();
    rmSync(folder, { recursive: true });
  });

  test('says on its admin port that it is ready', async () => {
    const { status } = await fetch(`${identity.addresses['admin']}/health/ready`);
    expect(status).toBe(200);
  });

  const keys = async () => (await axios.get<JSONWebKeySet>(`${identity.issuer}/jwks`)).data;

  test('gives a mobile user an RFC 9068 access token for the mobile gateway alone', async () => {
    const tokens = await signInToApp({ issuer: identity.issuer, ...ada });
    const { payload, protectedHeader } = await jwtVerify(
      tokens.access_token,
      createRemoteJWKSet(new URL(`${identity.issuer}/jwks`)),
      { issuer: identity.issuer, audience: 'urn:facet:mobile-bff', typ: 'at+jwt' },
    );
    expect(protectedHeader.alg).toBe('RS256');
    expect(payload).toMatchObject({
      sub: 'user-ada',
      client_id: 'mobile-bff',
      roles: ['customer'],
      scope: userScopes.join(' '),
    });
    expect(payload['customer_id']).toEqual(expect.any(String));
    expect(payload.exp! - payload.iat!).toBe(120);
  });

  test('grants no more scope than was asked for', async () => {
    const tokens = await signInToApp({ issuer: identity.issuer, ...ada, scope: `openid ${userScopes[0]}` });
    expect(tokens.scope).toBe(userScopes[0]);
  });

  test('gives a partner a token of its own by client credentials', async () => {
    const { access_token: token } = await clientToken(identity.issuer, 'partner', oneScope);
    const { payload } = await jwtVerify(token, createLocalJWKSet(await keys()), {
      audience: 'urn:facet:partner-bff',
      typ: 'at+jwt',
    });
    expect(payload).toMatchObject({ sub: 'partner', client_id: 'partner', scope: oneScope });
  });

  test('says that name and password do not belong together, for an unknown name and a wrong password alike', async () => {
    const attempt = (username: string) =>
      signInToApp({ issuer: identity.issuer, client: 'mobile-bff', username, password: 'wrong' });
    await expect(attempt('ada')).rejects.toThrow('does not know ada by that password');
    await expect(attempt('nobody')).rejects.toThrow('does not know nobody by that password');
  });

  test('refuses a code flow without PKCE', async () => {
    const query = 'client_id=mobile-bff&response_type=code&scope=openid&state=s';
    const { headers } = await axios.get(
      `${identity.issuer}/auth?${query}&redirect_uri=http://127.0.0.1/callback`,
      { maxRedirects: 0, validateStatus: () => true },
    );
    expect(headers['location']).toContain('error=invalid_request');
    expect(headers['location']).not.toContain('code=');
  });

  test('after a rotation signs with a new key, still publishes the one before, and knows its refresh tokens', async () => {
    const before = await signInToApp({ issuer: identity.issuer, ...ada });
    identity.rotate();
    const after = await axios.post<{ access_token: string }>(
      `${identity.issuer}/token`,
      new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: 'mobile-bff',
        refresh_token: before.refresh_token ?? '',
      }),
    );
    const published = createLocalJWKSet(await keys());
    const first = await jwtVerify(before.access_token, published);
    const second = await jwtVerify(after.data.access_token, published);
    expect(second.protectedHeader.kid).not.toBe(first.protectedHeader.kid);
  });

  test('publishes no private part of a key, and keeps the keys in a file for its owner alone', async () => {
    expect((await keys()).keys.map((key) => Object.keys(key).sort())).toEqual([
      ['alg', 'e', 'kid', 'kty', 'n', 'use'],
      ['alg', 'e', 'kid', 'kty', 'n', 'use'],
    ]);
    expect(statSync(keysFile).mode & 0o077).toBe(0);
  });

  test('shows its page without a script, in nobody else’s frame', async () => {
    const query = new URLSearchParams({
      client_id: 'web-bff',
      response_type: 'code',
      scope: 'openid',
      redirect_uri: 'http://localhost:3000/auth/callback',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    });
    const jar = await axios.get(`${identity.issuer}/auth?${query.toString()}`, {
      maxRedirects: 0,
      validateStatus: () => true,
    });
    const cookie = (jar.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
    const page = await axios.get<string>(`${identity.issuer}${jar.headers['location'] as string}`, {
      headers: { cookie },
    });
    expect(page.data).toContain('<label for="password">');
    expect(page.data).not.toContain('<script');
    expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(page.headers['content-security-policy']).toContain("form-action 'self' http://localhost:3000;");
  });
});

test('the provider does not start in production', () => {
  expect(() => loadIdentityConfig({ NODE_ENV: 'production' })).toThrow(/never runs in production/);
});
