import { ownCustomer } from '@facet/contracts';
import { saga } from '@facet/saga';
import { catalog } from '@facet/shop-catalog';
import { inventory } from '@facet/shop-inventory';
import { orders } from '@facet/shop-orders';
import { payments } from '@facet/shop-payments';
import { z } from 'zod';

const { lines, expectedTotal } = catalog.quote.input.shape;
const { shippingAddress, reference } = orders.place.input.shape;
const { card } = payments.authorise.input.shape;

/** What every checkout consists of, whichever client it comes from. */
export const bought = { lines, card, expectedTotal };

/** Stock is put aside for as long as somebody may try again; order and payment outlive it, so that it decides. */
const STOCK_SECONDS = 300;
const ORDER_SECONDS = 900;

/** Buys: fixes the price, puts stock aside, holds the amount, writes the order down; then takes the money and the stock. */
export const checkout = saga('checkout', {
  input: z.strictObject({ ...bought, shippingAddress, reference }),
  deadlineMs: 12_000,
  undoMs: 8_000,
})
  .step('quote', catalog.quote, {
    input: ({ input, caller }) => {
      // A caller that is no customer is refused before anything is put aside.
      ownCustomer(caller);
      return { lines: input.lines, expectedTotal: input.expectedTotal };
    },
    harmless: true,
  })
  .step('reserve', inventory.reserve, {
    input: ({ input, caller }) => ({
      customerId: ownCustomer(caller),
      lines: input.lines,
      ttlSeconds: STOCK_SECONDS,
    }),
    compensate: {
      by: inventory.release,
      input: ({ caller, reserve }) => ({
        customerId: ownCustomer(caller),
        reservationId: reserve.reservationId,
      }),
      supersededBy: { 'inventory.reservation-committed': 'commit' },
      first: true,
    },
  })
  .step('authorise', payments.authorise, {
    input: ({ input, caller, quote, reserve }) => ({
      customerId: ownCustomer(caller),
      amount: quote.total,
      card: input.card,
      reference: input.reference ?? reserve.reservationId,
      ttlSeconds: ORDER_SECONDS,
    }),
    timeoutMs: 2_500,
    compensate: {
      by: payments.void,
      input: ({ caller, authorise }) => ({ customerId: ownCustomer(caller), paymentId: authorise.id }),
      supersededBy: { 'payments.already-captured': 'capture' },
    },
  })
  .step('place', orders.place, {
    input: ({ input, caller, quote, reserve, authorise }) => ({
      customerId: ownCustomer(caller),
      reference: input.reference,
      lines: quote.lines,
      shippingAddress: input.shippingAddress,
      paymentId: authorise.id,
      reservationId: reserve.reservationId,
      ttlSeconds: ORDER_SECONDS,
    }),
    compensate: {
      by: orders.cancel,
      input: ({ caller, place }) => ({
        customerId: ownCustomer(caller),
        id: place.id,
        reason: 'checkout failed',
      }),
    },
  })
  .step('capture', payments.capture, {
    input: ({ caller, authorise }) => ({ customerId: ownCustomer(caller), paymentId: authorise.id }),
    compensate: {
      by: payments.refund,
      input: ({ caller, capture }) => ({ customerId: ownCustomer(caller), paymentId: capture.id }),
    },
  })
  .step('commit', inventory.commit, {
    input: ({ caller, reserve }) => ({
      customerId: ownCustomer(caller),
      reservationId: reserve.reservationId,
    }),
  })
  .step('confirm', orders.confirm, {
    input: ({ caller, place }) => ({ customerId: ownCustomer(caller), id: place.id }),
  })
  .result(({ confirm }) => confirm);
