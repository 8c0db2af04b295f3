import { describe, expect, test } from '@jest/globals';
import { definePolicy, settingsOf, type Policy } from './policy.js';

const rate = { requests: 10, seconds: 1 };
const plan = { burst: rate, sustained: rate };
const rateLimits = { anonymous: plan, callers: plan };

describe('a policy', () => {
  test('that says nothing limits, compresses, sheds, knows keys and keeps answers, by defaults', () => {
    expect(settingsOf({})).toEqual({
      limits: expect.objectContaining({ connections: 20_000, jsonDepth: 32, requestMs: 14_000 }) as unknown,
      rateLimits: undefined,
      cors: undefined,
      compression: { fromBytes: 1_024 },
      shedding: { maxInFlight: 1_000, maxDelayMs: 250 },
      idempotency: { keepMs: 86_400_000, leaseMs: 5_000, maxBytes: 33_554_432 },
      cache: { maxBytes: 67_108_864, maxEntries: 20_000, staleIfErrorMs: 0, shared: true },
    });
  });

  test('switches a section off with false', () => {
    const settings = settingsOf({ compression: false, shedding: false, idempotency: false, cache: false });
    const { limits, ...rest } = settings;
    expect(Object.values(rest).every((section) => section === undefined)).toBe(true);
    expect(limits.connections).toBe(20_000);
  });

  test('keeps what it says beside the defaults of the rest', () => {
    const { cache, rateLimits: limited } = settingsOf({ cache: { staleIfErrorMs: 5 }, rateLimits });
    expect(cache).toMatchObject({ staleIfErrorMs: 5, maxEntries: 20_000 });
    expect(limited).toEqual({ ...rateLimits, plans: {}, failures: { requests: 300, seconds: 300 } });
  });
});

/** Every option of a policy that is a number, with where it stands. */
const numbers = [
  ...Object.keys(settingsOf({}).limits).map((name) => ['limits', name]),
  ['compression', 'fromBytes'],
  ['shedding', 'maxInFlight'],
  ['shedding', 'maxDelayMs'],
  ['idempotency', 'keepMs'],
  ['idempotency', 'leaseMs'],
  ['idempotency', 'maxBytes'],
  ['cache', 'maxBytes'],
  ['cache', 'maxEntries'],
  ['cache', 'staleIfErrorMs'],
] as const;

describe('an option of a policy', () => {
  test.each(
    numbers.flatMap(([section, name]) => [-1, NaN, '5'].map((value) => [section, name, value] as const)),
  )('is refused by its name: %s.%s, %p', (section, name, value) => {
    const got = typeof value === 'string' ? `"${value}"` : String(value);
    const policy = { [section]: { [name]: value } } as Policy;
    expect(() => definePolicy(policy)).toThrow(RangeError);
    expect(() => definePolicy(policy)).toThrow(`${section}.${name}: got ${got}, expected a`);
  });

  test.each([
    [{ plans: {} }, 'policy.plans: no such option; there are limits, rateLimits, cors'],
    [{ limits: { bodyByte: 1 } }, 'limits.bodyByte: no such option'],
    [
      { cache: { ttlMs: 1 } },
      'cache.ttlMs: no such option; there are maxBytes, maxEntries, staleIfErrorMs, shared',
    ],
    [{ cache: true }, 'cache: got true, expected an object with maxBytes'],
    [{ cache: { shared: 'no' } }, 'cache.shared: got no, expected true or false'],
    [{ shedding: { maxInflight: 1 } }, 'shedding.maxInflight: no such option'],
    [{ cors: { origin: [] } }, 'cors.origin: no such option; there are origins, headers, exposes'],
    [{ cors: {} }, 'cors.origins: got undefined, expected a list'],
    [{ rateLimits: { callers: plan } }, 'rateLimits.anonymous: got undefined, expected an object with burst'],
    [{ rateLimits: { ...rateLimits, visitors: plan } }, 'rateLimits.visitors: no such option'],
    [
      { rateLimits: { ...rateLimits, callers: { ...plan, perDay: 0 } } },
      'rateLimits.callers.perDay: got 0, expected a whole number from 1',
    ],
    [
      { rateLimits: { ...rateLimits, callers: { ...plan, burst: { requests: 1.5, seconds: 1 } } } },
      'rateLimits.callers.burst.requests: got 1.5, expected a whole number from 1',
    ],
    [
      { rateLimits: { ...rateLimits, failures: { requests: 1, seconds: NaN } } },
      'rateLimits.failures.seconds: got NaN, expected a whole number from 1',
    ],
  ])('that does not exist or makes no sense is refused: %j', (policy, message) => {
    expect(() => definePolicy(policy as unknown as Policy)).toThrow(message);
  });
});
