import { insertAll, type Seed } from '@facet/service';
import { testCards } from '@facet/shop-payments';
import * as sample from '@facet/shop-sample-data';
import { ledger, payments } from './schema.js';

type Entry = Omit<typeof ledger.$inferInsert, 'id' | 'number'>;

/** The payments of the sample world's orders: captured, or voided where the order was cancelled. */
export const seed: Seed = {
  name: 'sample world 1',
  run: async (tx) => {
    await insertAll(tx, payments, sample.orders().map(paymentOf));
    const entries = sample
      .orders()
      .flatMap(entriesOf)
      .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
    await insertAll(
      tx,
      ledger,
      entries.map((entry, index) => ({ id: `led_${String(index + 1).padStart(6, '0')}`, ...entry })),
    );
  },
};

function paymentOf(order: sample.SampleOrder) {
  const { id: reference, paymentId: id, customerId, total, createdAt, updatedAt } = order;
  return {
    id,
    customerId,
    status: order.status === 'cancelled' ? ('voided' as const) : ('captured' as const),
    ...total,
    card: testCards.approve,
    reference,
    createdAt: new Date(createdAt),
    updatedAt: new Date(order.status === 'cancelled' ? updatedAt : createdAt),
    expiresAt: new Date(Date.parse(createdAt) + 900_000),
  };
}

function entriesOf(order: sample.SampleOrder): Entry[] {
  const { paymentId, amount, currency, reference, createdAt, updatedAt, status } = {
    ...paymentOf(order),
    paymentId: order.paymentId,
  };
  const entry = { paymentId, amount, currency, reference };
  return [
    { ...entry, kind: 'authorise', createdAt },
    { ...entry, kind: status === 'voided' ? 'void' : 'capture', createdAt: updatedAt },
  ];
}
