import { createSecretKey, generateKeyPairSync, randomBytes, sign, verify, createHmac } from 'node:crypto';
import {
  createAssertCaller,
  createVerifyCaller,
  generateAssertionKey,
  publicAssertionKeys,
} from '@facet/auth/assertion';
import type { Caller } from '@facet/contracts';

/**
 * What the caller inside costs: `npm run bench:assertions`. Microseconds of one thread for each step, with the cache
 * and without it, and for the plain signatures that it could be made of. Medians of rounds.
 */
const ROUNDS = 9;
const key = generateAssertionKey();
const options = { gateway: 'web-bff', key };
const keys = publicAssertionKeys(key);
const ada: Caller = {
  subject: 'user-1',
  kind: 'user',
  client: 'web-bff',
  scopes: ['orders:read', 'orders:write'],
  roles: ['customer'],
  customerId: 'cus_0001',
  credential: 'session',
};

function microseconds(times: number, run: (i: number) => unknown): number {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    for (let i = 0; i < times; i += 1) run(i);
    return ((performance.now() - start) * 1_000) / times;
  });
  return rounds.sort((a, b) => a - b)[ROUNDS >> 1] ?? 0;
}

const assertKept = createAssertCaller(options);
const verifyKept = createVerifyCaller({ service: 'orders', keys });
const assertion = assertKept(ada, 'orders');
const others = [ada, { ...ada, subject: 'user-2' }] as const;
const pick = <T>(two: readonly [T, T], i: number) => two[(i & 1) as 0 | 1];
// With room for one, of two that take turns none is ever found.
const assertAnew = createAssertCaller({ ...options, cacheSize: 1 });
const verifyAnew = createVerifyCaller({ service: 'orders', keys, cacheSize: 1 });
const assertions = [assertKept(others[0], 'orders'), assertKept(others[1], 'orders')] as const;
const payload = Buffer.from(assertion.slice(0, assertion.lastIndexOf('.')));
const ed25519 = generateKeyPairSync('ed25519');
const signature = sign(null, payload, ed25519.privateKey);
const secret = createSecretKey(randomBytes(32));

const results: [string, number][] = [
  ['assert, kept', microseconds(20_000, () => assertKept({ ...ada }, 'orders'))],
  ['assert, made anew', microseconds(1_000, (i) => assertAnew(pick(others, i), 'orders'))],
  ['verify, seen before', microseconds(20_000, () => verifyKept(assertion))],
  ['verify, new', microseconds(1_000, (i) => verifyAnew(pick(assertions, i)))],
  ['Ed25519 sign', microseconds(1_000, () => sign(null, payload, ed25519.privateKey))],
  ['Ed25519 verify', microseconds(1_000, () => verify(null, payload, ed25519.publicKey, signature))],
  ['HMAC-SHA256', microseconds(5_000, () => createHmac('sha256', secret).update(payload).digest())],
];
for (const [name, cost] of results)
  process.stdout.write(`${name.padEnd(22)}${cost.toFixed(2).padStart(9)} µs\n`);
const cost = Object.fromEntries(results);
const ratio = (a: string, b: string) => `${((cost[a] ?? 0) / (cost[b] ?? 1)).toFixed(0)}×`;
process.stdout.write(
  `\na new one against one that is kept: verify ${ratio('verify, new', 'verify, seen before')}, `,
);
process.stdout.write(`assert ${ratio('assert, made anew', 'assert, kept')}\n`);
