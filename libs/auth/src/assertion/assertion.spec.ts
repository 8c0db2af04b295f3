import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Caller } from '@facet/contracts';
import { ConfigError, Fault, loadConfig } from '@facet/platform';
import fc from 'fast-check';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { z } from 'zod';
import { createAssertCaller } from './assert.js';
import { assertCallers, assertingVariables, developmentKey, verifyCallers } from './config.js';
import { generateAssertionKey, publicAssertionKeys, signingKey } from './keys.js';
import { createVerifyCaller } from './verify.js';

const key = generateAssertionKey();
const keys = publicAssertionKeys(key);
const T0 = Date.UTC(2026, 0, 1);

const ada: Caller = Object.freeze({
  subject: 'user-1',
  kind: 'user',
  client: 'mobile-app',
  scopes: ['orders:read'],
  roles: [],
  customerId: 'cus_1',
  credential: 'bearer',
});

function world(options: { gatewayTime?: () => number; serviceTime?: () => number; service?: string } = {}) {
  const { gatewayTime = () => T0, serviceTime = () => T0, service = 'orders' } = options;
  return {
    assertCaller: createAssertCaller({ gateway: 'mobile-bff', key, now: gatewayTime }),
    verify: createVerifyCaller({ service, keys, now: serviceTime }),
  };
}

const refused = (why: RegExp) =>
  expect.objectContaining({ code: 'caller.unproven', message: expect.stringMatching(why) });
const faultOf = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error;
  }
};
const segment = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const payloadOf = (assertion: string) =>
  JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

/** Signs what a compromised or broken gateway might. */
function forge(header: object, payload: object, withKey = key): string {
  const input = `${segment(header)}.${segment(payload)}`;
  return `${input}.${sign(null, Buffer.from(input), signingKey(withKey).privateKey).toString('base64url')}`;
}

describe('the caller inside', () => {
  test('I2 a service learns from the assertion exactly who the gateway has proven', () => {
    const { assertCaller, verify } = world();
    expect(verify(assertCaller(ada, 'orders'))).toEqual(ada);
    expect(Object.isFrozen(verify(assertCaller(ada, 'orders')))).toBe(true);
  });

  test('I2 a visitor who has not signed in is carried as the gateway itself, without any right', () => {
    const { assertCaller, verify } = world();
    expect(verify(assertCaller(undefined, 'orders'))).toEqual({
      subject: 'mobile-bff',
      kind: 'client',
      client: 'mobile-bff',
      scopes: [],
      roles: [],
      credential: 'gateway',
    });
  });

  test('I2 a frame without an assertion is refused', () => {
    expect(faultOf(() => world().verify(undefined))).toEqual(refused(/no assertion/));
  });

  test('I2 an assertion for one service is refused by another', () => {
    const { assertCaller, verify } = world({ service: 'payments' });
    expect(faultOf(() => verify(assertCaller(ada, 'orders')))).toEqual(refused(/another service/));
  });

  test('I2 an assertion holds for a minute and then no more, also where it was verified before', () => {
    let time = T0;
    const { assertCaller, verify } = world({ serviceTime: () => time });
    const assertion = assertCaller(ada, 'orders');
    time = T0 + 64_000;
    expect(verify(assertion)).toEqual(ada);
    time = T0 + 66_000;
    expect(faultOf(() => verify(assertion))).toEqual(refused(/does not hold now/));
  });

  test('I2 one from the future, or made to hold longer than a minute, is refused', () => {
    const { assertCaller, verify } = world();
    const header = { alg: 'EdDSA', typ: 'facet-caller+jwt', kid: signingKey(key).id };
    const payload = payloadOf(assertCaller(ada, 'orders'));
    const iat = T0 / 1000;
    expect(verify(forge(header, payload))).toEqual(ada);
    for (const times of [
      { iat: iat + 30, exp: iat + 60 },
      { iat, exp: iat + 3_600 },
      { iat: iat - 10, exp: iat + 60 },
    ])
      expect(faultOf(() => verify(forge(header, { ...payload, ...times })))).toEqual(
        refused(/does not hold now/),
      );
  });

  test('I2 a signature by a key that is not configured is refused, whatever the header says', () => {
    const { assertCaller, verify } = world();
    const payload = payloadOf(assertCaller(ada, 'orders'));
    const stranger = generateAssertionKey();
    const kid = signingKey(key).id;
    const { x } = JSON.parse(stranger) as { x: string };
    for (const header of [
      { alg: 'EdDSA', typ: 'facet-caller+jwt', kid },
      { alg: 'EdDSA', typ: 'facet-caller+jwt', kid: signingKey(stranger).id },
      { alg: 'EdDSA', typ: 'facet-caller+jwt', kid, jwk: { kty: 'OKP', crv: 'Ed25519', x } },
    ])
      expect(faultOf(() => verify(forge(header, payload, stranger)))).toBeInstanceOf(Fault);
  });

  test('I2 a well signed token of another type or algorithm is not an assertion', () => {
    const { assertCaller, verify } = world();
    const payload = payloadOf(assertCaller(ada, 'orders'));
    const kid = signingKey(key).id;
    for (const header of [
      { alg: 'EdDSA', typ: 'at+jwt', kid },
      { alg: 'none', typ: 'facet-caller+jwt', kid },
      { alg: 'EdDSA', typ: 'facet-caller+jwt' },
    ])
      expect(faultOf(() => verify(forge(header, payload)))).toBeInstanceOf(Fault);
  });

  test('I2 an assertion that was changed anywhere is refused', () => {
    const { assertCaller, verify } = world();
    const assertion = assertCaller(ada, 'orders');
    fc.assert(
      fc.property(fc.nat(assertion.length - 1), fc.constantFrom(...'AZaz09-_.= \n'), (at, character) => {
        fc.pre(assertion[at] !== character);
        const changed = assertion.slice(0, at) + character + assertion.slice(at + 1);
        expect(faultOf(() => verify(changed))).toBeInstanceOf(Fault);
      }),
    );
  });

  test('I2 any other text is refused with the same fault and never breaks the service', () => {
    const { verify } = world();
    fc.assert(fc.property(fc.string(), (text) => expect(faultOf(() => verify(text))).toBeInstanceOf(Fault)));
    expect(faultOf(() => verify('a'.repeat(100_000)))).toEqual(refused(/too long/));
  });

  test('one assertion is used again for the same caller and service, and never close to its end', () => {
    let time = T0;
    const { assertCaller } = world({ gatewayTime: () => time });
    const first = assertCaller(ada, 'orders');
    expect(assertCaller({ ...ada }, 'orders')).toBe(first);
    expect(assertCaller(ada, 'payments')).not.toBe(first);
    expect(assertCaller({ ...ada, scopes: [] }, 'orders')).not.toBe(first);
    time = T0 + 29_000;
    expect(assertCaller(ada, 'orders')).toBe(first);
    time = T0 + 31_000;
    expect(assertCaller(ada, 'orders')).not.toBe(first);
  });

  test('an independent implementation of JWT accepts what a gateway signs', async () => {
    const { assertCaller } = world({ gatewayTime: Date.now });
    const { payload } = await jwtVerify(
      assertCaller(ada, 'orders'),
      createLocalJWKSet(JSON.parse(keys) as { keys: { kty: string }[] }),
      { issuer: 'mobile-bff', audience: 'orders', typ: 'facet-caller+jwt', algorithms: ['EdDSA'] },
    );
    expect(payload.sub).toBe('user-1');
  });
});

describe('its keys', () => {
  test('several gateways each have their own, and a service knows them all', () => {
    const other = generateAssertionKey();
    const verify = createVerifyCaller({ service: 'orders', keys: publicAssertionKeys(key, other) });
    for (const one of [key, other])
      expect(verify(createAssertCaller({ gateway: 'web-bff', key: one })(ada, 'orders'))).toEqual(ada);
  });

  test('a service refuses to start with a private key', () => {
    const config = () => verifyCallers('orders')({ ASSERTION_PUBLIC_KEYS: `{"keys":[${key}]}` });
    expect(config).toThrow(ConfigError);
    expect(config).not.toThrow(new RegExp((JSON.parse(key) as { d: string }).d));
  });

  test('a gateway refuses a key that is of another kind, and says how to make one', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
    const config = () =>
      loadConfig('web-bff', z.object(assertingVariables), { ASSERTION_KEY: JSON.stringify(rsa) });
    expect(config).toThrow(/ASSERTION_KEY.*withheld.*npm run keys -- assertion-key/);
  });

  test('production has no default', () => {
    expect(() => assertCallers('web-bff', { production: true })).toThrow(/ASSERTION_KEY.*is not set/);
    expect(() => verifyCallers('orders')({ NODE_ENV: 'production' })).toThrow(
      /ASSERTION_PUBLIC_KEYS.*is not set/,
    );
  });

  test('production refuses the key of development, at both ends', () => {
    const folder = mkdtempSync(join(tmpdir(), 'facet-'));
    const ASSERTION_KEY = developmentKey(folder);
    rmSync(folder, { recursive: true });
    expect(() => assertCallers('web-bff', { production: true, ASSERTION_KEY })).toThrow(
      /ASSERTION_KEY.*withheld.*expected a key of its own, and not that of development; make one with `npm run keys/,
    );
    const env = { NODE_ENV: 'production', ASSERTION_PUBLIC_KEYS: publicAssertionKeys(key, ASSERTION_KEY) };
    expect(() => verifyCallers('orders')(env)).toThrow(/ASSERTION_PUBLIC_KEYS.*not that of development/);
    const own = { ...env, ASSERTION_PUBLIC_KEYS: publicAssertionKeys(key) };
    const assertCaller = assertCallers('web-bff', { production: true, ASSERTION_KEY: key });
    expect(verifyCallers('orders')(own)(assertCaller(ada, 'orders'))).toEqual(ada);
  });

  test('in development a gateway and a service understand each other without any setting', () => {
    const assertCaller = assertCallers('web-bff', { production: false });
    expect(verifyCallers('orders')({})(assertCaller(ada, 'orders'))).toEqual(ada);
  });

  test('in development all processes share one that only its owner can read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'facet-'));
    try {
      const made = developmentKey(folder);
      expect(developmentKey(folder)).toBe(made);
      const path = join(folder, 'assertion-key.json');
      expect(readFileSync(path, 'utf8')).toBe(made);
      expect(statSync(path).mode & 0o777).toBe(0o600);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
