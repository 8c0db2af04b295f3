import { createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Fault } from '@facet/platform';
import { startIssuer, type Issuer, type TokenOptions } from '@facet/testing/issuer';
import { base64url, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createBearerAuthenticator } from '../src/bearer/authenticator.js';
import { requestOf } from './requests.js';

const AUDIENCE = 'https://mobile.example.com';
let issuer: Issuer;

beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(() => issuer.stop());

function authenticator() {
  return createBearerAuthenticator({ issuer: issuer.url, audience: AUDIENCE, kind: 'user' });
}
const bearer = (token: string) => requestOf({ headers: [['authorization', `Bearer ${token}`]] });
const outcome = async (token: string): Promise<unknown> => {
  try {
    return await authenticator().authenticate(bearer(token));
  } catch (error) {
    return error;
  }
};
const invalid = expect.objectContaining({ code: 'auth.invalid-token', status: 401 });
const expired = expect.objectContaining({ code: 'auth.token-expired', status: 401 });
const token = (options?: TokenOptions) => issuer.token(AUDIENCE, options);
const seconds = () => Math.floor(Date.now() / 1000);
const segment = (value: unknown) =>
  base64url.encode(typeof value === 'string' ? value : JSON.stringify(value));
async function parts(): Promise<[string, string, string]> {
  return (await token()).split('.') as [string, string, string];
}

describe('a token that holds', () => {
  test('J3 becomes the caller with what the issuer says of them', async () => {
    const caller = await outcome(
      await token({
        claims: { scope: 'orders:read profile', roles: ['support'], customer_id: 'cus_7', plan: 'gold' },
      }),
    );
    expect(caller).toEqual({
      subject: 'user-1',
      kind: 'user',
      client: 'app-1',
      scopes: ['orders:read', 'profile'],
      roles: ['support'],
      customerId: 'cus_7',
      plan: 'gold',
      credential: 'bearer',
    });
  });

  test('J3 holds within the skew and not beyond it', async () => {
    expect(
      await outcome(await token({ claims: { iat: seconds() - 100, exp: seconds() - 20 } })),
    ).toHaveProperty('subject');
    expect(await outcome(await token({ claims: { iat: seconds() - 100, exp: seconds() - 61 } }))).toEqual(
      expired,
    );
    const wide = () =>
      createBearerAuthenticator({ issuer: issuer.url, audience: AUDIENCE, kind: 'user', skewSeconds: 61 });
    expect(wide).toThrow(/skewSeconds must be from 0 to 60; it is 61/);
  });

  test('no credential at all is no caller and no fault', async () => {
    expect(await authenticator().authenticate(requestOf({}))).toBeUndefined();
  });
});

describe('J1 a hostile token is refused with 401', () => {
  const claimsThatDoNotHold: Record<string, () => Record<string, unknown>> = {
    'without exp': () => ({ exp: undefined }),
    'with an exp that is text': () => ({ exp: `${seconds() + 60}` }),
    'without iat': () => ({ iat: undefined }),
    'issued in the future': () => ({ iat: seconds() + 120, exp: seconds() + 200 }),
    'not yet valid': () => ({ nbf: seconds() + 120 }),
    'made to hold longer than the cap': () => ({ exp: seconds() + 3_700 }),
    'made to hold for ever': () => ({ exp: 1e308 }),
    'without iss': () => ({ iss: undefined }),
    'of another issuer': () => ({ iss: 'https://evil.example' }),
    'of an issuer that differs by a slash': () => ({ iss: `${issuer.url}/` }),
    'of a list of issuers': () => ({ iss: [issuer.url] }),
    'without aud': () => ({ aud: undefined }),
    'for another gateway': () => ({ aud: 'https://web.example.com' }),
    'for an audience that begins like ours': () => ({ aud: `${AUDIENCE}.evil.example` }),
    'for an audience in other case': () => ({ aud: AUDIENCE.toUpperCase() }),
    'without sub': () => ({ sub: undefined }),
    'with an empty sub': () => ({ sub: '' }),
    'with a sub that is an object': () => ({ sub: { $ne: null } }),
    'without client_id': () => ({ client_id: undefined }),
    'without jti': () => ({ jti: undefined }),
    'of a client that acts for itself': () => ({ sub: 'app-1' }),
    'with a scope that is a list': () => ({ scope: ['orders:read'] }),
    'with a line break in a claim': () => ({ customer_id: 'cus_1\r\nX: 1' }),
    'with a customer that is a path': () => ({ customer_id: '../cus_0002' }),
    'with a customer that ends in a space': () => ({ customer_id: 'cus_0001 ' }),
    'with a customer that is nobody': () => ({ customer_id: '' }),
    'with a customer that is too long': () => ({ customer_id: 'c'.repeat(65) }),
    'bound to a certificate': () => ({ cnf: { 'x5t#S256': 'a'.repeat(43) } }),
    'with a binding that is not understood': () => ({ cnf: { kid: 'other' } }),
  };
  test.each(Object.keys(claimsThatDoNotHold))('J1 %s', async (name) => {
    expect(await outcome(await token({ claims: claimsThatDoNotHold[name]?.() ?? {} }))).toEqual(invalid);
  });

  test('J1 expired, and says so only of a token that was for here', async () => {
    const past = { iat: seconds() - 600, exp: seconds() - 300 };
    expect(await outcome(await token({ claims: past }))).toEqual(expired);
    const elsewhere = { ...past, aud: 'https://web.example.com' };
    expect(await outcome(await token({ claims: elsewhere }))).toEqual(invalid);
    expect(await outcome(`${(await token({ claims: past })).slice(0, -4)}AAAA`)).toEqual(invalid);
  });

  const headers: Record<string, Record<string, unknown>> = {
    'typed as an ID token': { typ: 'JWT' },
    'without a type': { typ: undefined },
    'typed as a logout token': { typ: 'logout+jwt' },
    'without a kid': { kid: undefined },
    'with an unknown kid': { kid: 'unknown' },
    'with a kid that is a path': { kid: '../../../../dev/null' },
    'with a kid that is SQL': { kid: "' OR '1'='1" },
    'with a jku': { jku: 'http://127.0.0.1:1/keys' },
    'with an x5u': { x5u: 'http://127.0.0.1:1/cert' },
    'with an x5c': { x5c: ['MIIB'] },
    'with a header nobody knows': { whatever: 1 },
  };
  test.each(Object.keys(headers))('J1 %s', async (name) => {
    expect(await outcome(await token({ header: headers[name] ?? {} }))).toEqual(invalid);
  });

  test.each(['none', 'None', 'NONE', 'nOnE', ''])(
    'J1 alg "%s", with and without a signature',
    async (alg) => {
      const [, payload, signature] = await parts();
      const header = segment({ alg, typ: 'at+jwt', kid: issuer.key.kid });
      expect(await outcome(`${header}.${payload}.`)).toEqual(invalid);
      expect(await outcome(`${header}.${payload}.${signature}`)).toEqual(invalid);
    },
  );

  test('J1 one signed with HMAC and the public key as the secret', async () => {
    const [, payload] = await parts();
    const input = `${segment({ alg: 'HS256', typ: 'at+jwt', kid: issuer.key.kid })}.${payload}`;
    for (const secret of [JSON.stringify(issuer.key.publicJwk), issuer.key.publicJwk.x ?? '', '', 'secret'])
      expect(
        await outcome(`${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`),
      ).toEqual(invalid);
  });

  test('J1 one signed by a stranger under a known kid, also with the key in its header', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(publicKey);
    const [, payload] = await parts();
    for (const extra of [{}, { jwk }]) {
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
      const header = { alg: 'ES256', typ: 'at+jwt', kid: issuer.key.kid, ...extra };
      expect(await outcome(await new SignJWT(claims).setProtectedHeader(header).sign(privateKey))).toEqual(
        invalid,
      );
    }
  });

  test('J1 one signed with a weak RSA key', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const [, payload] = await parts();
    const input = `${segment({ alg: 'RS256', typ: 'at+jwt', kid: issuer.key.kid })}.${payload}`;
    expect(
      await outcome(`${input}.${createSign('sha256').update(input).sign(privateKey, 'base64url')}`),
    ).toEqual(invalid);
  });

  test('J1 one with an unknown critical header', async () => {
    const [, payload, signature] = await parts();
    const header = segment({ alg: 'ES256', typ: 'at+jwt', kid: issuer.key.kid, crit: ['x'], x: 1 });
    expect(await outcome(`${header}.${payload}.${signature}`)).toEqual(invalid);
  });

  test('J1 one whose payload was changed', async () => {
    const [header, payload, signature] = await parts();
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    expect(await outcome(`${header}.${segment({ ...claims, sub: 'admin' })}.${signature}`)).toEqual(invalid);
  });

  test('J1 one whose signature is stripped, empty, cut, or in DER', async () => {
    const [header, payload, signature] = await parts();
    const raw = Buffer.from(signature, 'base64url');
    const int = (bytes: Buffer) => Buffer.concat([Buffer.from([2, 33, 0]), bytes]);
    const body = Buffer.concat([int(raw.subarray(0, 32)), int(raw.subarray(32))]);
    const der = Buffer.concat([Buffer.from([0x30, body.length]), body]).toString('base64url');
    const zero = Buffer.alloc(64).toString('base64url');
    for (const end of ['', '.', `.${signature.slice(0, -2)}`, `.${der}`, `.${zero}`])
      expect(await outcome(`${header}.${payload}${end}`)).toEqual(invalid);
  });

  test('J4 one in any but the compact form: padding, white space, JSON, five parts, other alphabet', async () => {
    const [header, payload, signature] = await parts();
    const good = [header, payload, signature].join('.');
    expect(await outcome(good)).toHaveProperty('subject');
    const json = JSON.stringify({ protected: header, payload, signature });
    const forms = [
      `${header}=.${payload}.${signature}`,
      `${header}.${payload}.${signature}==`,
      ` ${good}`,
      `${good} `,
      `${good}\n`,
      `${header}. ${payload}.${signature}`,
      `${good}.${signature}.${signature}`,
      `${good}.`,
      `${good},${good}`,
      json,
      segment(json),
      good.replaceAll('-', '+').replaceAll('_', '/') + '+',
    ];
    for (const form of forms) expect(await outcome(form)).toEqual(invalid);
  });

  test('J4 one whose last character carries bits that no decoder reads', async () => {
    const [header, payload, signature] = await parts();
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet[(alphabet.indexOf(signature.at(-1) ?? 'A') & 0b110000) | 1] ?? '';
    expect(await outcome(`${header}.${payload}.${signature.slice(0, -1)}${last}`)).toEqual(invalid);
  });

  test('J1 one of 64 KB, and one of deeply nested JSON', async () => {
    expect(await outcome(await token({ claims: { filler: 'a'.repeat(65_536) } }))).toEqual(invalid);
    const [, payload, signature] = await parts();
    for (const deep of ['['.repeat(5_000), '{"a":'.repeat(1_000)])
      expect(await outcome(`${segment(deep)}.${payload}.${signature}`)).toEqual(invalid);
  });
});

describe('how a token is sent', () => {
  test('J7 two Authorization headers are refused, also where both hold', async () => {
    const good = await token();
    const headers = [
      ['authorization', `Bearer ${good}`],
      ['authorization', `Bearer ${good}`],
    ] as const;
    await expect(authenticator().authenticate(requestOf({ headers }))).rejects.toMatchObject({ status: 400 });
  });

  test('J7 a token in the URL is refused, also beside one in the header', async () => {
    const good = await token();
    const url = `/v1/orders?access_token=${good}`;
    await expect(authenticator().authenticate(requestOf({ url }))).rejects.toMatchObject({ status: 400 });
    const headers = [['authorization', `Bearer ${good}`]] as const;
    await expect(authenticator().authenticate(requestOf({ url, headers }))).rejects.toBeInstanceOf(Fault);
  });

  test('J7 any other scheme is refused', async () => {
    const good = await token();
    for (const value of [
      `Basic ${good}`,
      good,
      `Bearer  ${good}`,
      'Bearer',
      'Bearer ',
      '',
      `Token ${good}`,
    ]) {
      const headers = [['authorization', value]] as const;
      await expect(authenticator().authenticate(requestOf({ headers }))).rejects.toEqual(invalid);
    }
    const headers = [['authorization', `bEaReR ${good}`]] as const;
    expect(await authenticator().authenticate(requestOf({ headers }))).toHaveProperty('subject');
  });

  test('J6 the answer to a refusal names it as RFC 6750 does', () => {
    const challenge = (code: string, status: number) =>
      authenticator().challenge(new Fault(code, status, ''), requestOf({}))['www-authenticate'];
    expect(challenge('auth.required', 401)).toBe('Bearer');
    expect(challenge('auth.invalid-token', 401)).toBe('Bearer error="invalid_token"');
    expect(challenge('auth.token-expired', 401)).toBe('Bearer error="invalid_token"');
    expect(challenge('access.denied', 403)).toBe('Bearer error="insufficient_scope"');
    expect(challenge('auth.invalid-request', 400)).toBe('Bearer error="invalid_request"');
  });
});
