import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { checkout } from '@facet/shop-checkout';
import { order as orderSchema } from '@facet/shop-orders';
import { testCards } from '@facet/shop-payments';
import { signIn, startProcess, startSignInWorld, type AppProcess } from '@facet/testing';
import axios from 'axios';
import { Books } from './books.js';
import { WireTaps } from './wire-tap.js';

jest.setTimeout(60_000);

const productId = 'prd_0001';
const writtenTo = ['catalog', 'inventory', 'orders', 'payments'] as const;
const taps = new WireTaps();
const ways: Record<string, string> = {};
let site: Awaited<ReturnType<typeof startSignInWorld>>;
let books: Books;
let gateway: AppProcess | undefined;

beforeAll(async () => {
  site = await startSignInWorld({ gateway: 'web-bff', services: ['accounts', ...writtenTo], gateways: [] });
  books = await Books.open(site.world, 'cus_0001');
  const addressOf = (service: string) => site.world.process(service).addresses['tcp'] ?? '';
  ways['ACCOUNTS_ADDRESSES'] = addressOf('accounts');
  for (const service of writtenTo) {
    ways[`${service.toUpperCase()}_ADDRESSES`] = await taps.open(addressOf(service));
  }
}, 120_000);

afterAll(async () => {
  await gateway?.stop();
  taps.close();
  books?.close();
  await site?.stop();
});

/** The gateway that runs, or a fresh one on the same port, which knows nothing of any that ran before. */
async function running(): Promise<AppProcess> {
  gateway ??= await startProcess({
    app: 'web-bff',
    env: { PORT: String(site.port), ISSUER_URL: site.issuer, ...ways },
  });
  return gateway;
}

async function buy(key: string, card: string = testCards.approve) {
  await running();
  const headers = { ...(await signIn(site.origin, 'ada')), 'idempotency-key': key };
  const basket = { lines: [{ productId, quantity: 1 }], card, addressId: 'cus_0001_a1' };
  return axios.post<unknown>(`${site.origin}/api/checkout`, basket, { headers, validateStatus: () => true });
}

/** Buys through a gateway that is killed at `pattern`; its client hears nothing. */
async function buyAndDie(key: string, at: { pattern: string; when: 'before' | 'after' }, card?: string) {
  const victim = await running();
  taps.arm({ ...at, act: () => victim.kill('SIGKILL') });
  await expect(buy(key, card)).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(await victim.exited).toMatchObject({ signal: 'SIGKILL' });
  gateway = undefined;
}

const steps = checkout.steps.map(({ name, operation }) => ({ step: name, pattern: operation.pattern }));

describe('a gateway that is killed in the middle of a checkout', () => {
  describe.each(steps)('at "$step"', ({ pattern }) => {
    test.each(['before', 'after'] as const)(
      '%s the service did it: the same key finishes, charges once, takes the stock once, confirms one order',
      async (when) => {
        const key = randomUUID();
        const mark = await books.mark(productId);
        await buyAndDie(key, { pattern, when });

        const { status, data } = await buy(key);
        expect(status).toBe(201);
        expect(orderSchema.parse(data).status).toBe('confirmed');
        expect(await books.since(mark, productId)).toEqual({
          ledger: ['authorise', 'capture'],
          orders: ['confirmed'],
          taken: 1,
        });
      },
    );
  });
});

describe('a gateway that is killed while it undoes a checkout', () => {
  test.each(['inventory.release', 'orders.cancel'])(
    'after %s: the same key goes on undoing, and nothing is left',
    async (pattern) => {
      const key = randomUUID();
      const mark = await books.mark(productId);
      await buyAndDie(key, { pattern, when: 'after' }, testCards.captureDecline);
      const { status, data } = await buy(key, testCards.captureDecline);
      expect([status, data]).toMatchObject([402, { code: 'payments.capture-declined' }]);
      expect(await books.since(mark, productId)).toEqual({
        ledger: ['authorise', 'decline', 'void'],
        orders: ['cancelled'],
        taken: 0,
      });
    },
  );
});
