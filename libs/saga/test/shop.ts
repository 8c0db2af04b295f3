import type { Call, Operation } from '@facet/contracts';
import { z } from 'zod';
import { inventory, orders, payments } from './contracts.js';
import { saga } from '../src/index.js';

/** A checkout as a gateway would write it. */
export const checkout = saga('checkout', {
  input: z.strictObject({ productId: z.string(), card: z.string() }),
  deadlineMs: 20_000,
  undoMs: 20_000,
})
  .step('reserve', inventory.reserve, {
    input: ({ input }) => ({ lines: [{ productId: input.productId, quantity: 1 }] }),
    compensate: {
      by: inventory.release,
      input: ({ reserve }) => ({ reservationId: reserve.reservationId }),
      supersededBy: { 'inventory.reservation-committed': 'commit' },
      first: true,
    },
  })
  .step('authorise', payments.authorise, {
    input: ({ input }) => ({ amount: { amount: 100, currency: 'EUR' }, card: input.card, reference: 'r' }),
    compensate: {
      by: payments.void,
      input: ({ authorise }) => ({ paymentId: authorise.id }),
      supersededBy: { 'payments.already-captured': 'capture' },
    },
  })
  .step('place', orders.place, {
    input: ({ caller, input, reserve, authorise }) => ({
      customerId: caller?.customerId ?? 'nobody',
      lines: [
        { productId: input.productId, title: 't', quantity: 1, unitPrice: { amount: 100, currency: 'EUR' } },
      ],
      shippingAddress: { recipient: 'r', street: 's', postalCode: 'p', city: 'c', country: 'DE' },
      paymentId: authorise.id,
      reservationId: reserve.reservationId,
    }),
    compensate: { by: orders.cancel, input: ({ place }) => ({ id: place.id, reason: 'checkout failed' }) },
  })
  .step('capture', payments.capture, {
    input: ({ authorise }) => ({ paymentId: authorise.id }),
    compensate: { by: payments.refund, input: ({ capture }) => ({ paymentId: capture.id }) },
  })
  .step('commit', inventory.commit, {
    input: ({ reserve }) => ({ reservationId: reserve.reservationId }),
  })
  .step('confirm', orders.confirm, { input: ({ place }) => ({ id: place.id }) })
  .result(({ confirm, capture }) => ({ order: confirm.id, status: confirm.status, payment: capture.status }));

export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
  ) {
    super(code);
  }
}

type Effect = 'none' | 'held' | 'done';
type State = { reservation: Effect; authorisation: Effect; order: Effect; capture: Effect };
type Answer = Record<string, unknown> | Refusal;
interface Sent {
  readonly pattern: string;
  readonly input: Record<string, unknown>;
}

/**
 * The three services that a checkout writes to, with what the contracts promise: a key that is known is answered from
 * memory, an undoing may come twice, and a command has its effect once.
 */
export class Shop {
  readonly state: State = { reservation: 'none', authorisation: 'none', order: 'none', capture: 'none' };
  readonly sent: Sent[] = [];
  /** How often each command had an effect. */
  readonly effects = new Map<string, number>();
  private readonly memory = new Map<string, Answer>();

  constructor(private readonly refuse: Readonly<Record<string, Refusal>> = {}) {}

  handle(operation: Operation, input: Record<string, unknown>): Record<string, unknown> {
    const { pattern } = operation;
    this.sent.push({ pattern, input });
    const key = `${pattern} ${String(input['idempotencyKey'])}`;
    const answer = this.memory.get(key) ?? this.first(pattern);
    this.memory.set(key, answer);
    if (answer instanceof Refusal) throw answer;
    return answer;
  }

  /** The shop as a saga reaches it, without a network between. */
  call = ((operation: Operation, input: Record<string, unknown>) =>
    new Promise((resolve) =>
      resolve({ value: this.handle(operation, input), source: 'fresh', ageMs: 0 }),
    )) as unknown as Call;

  private first(pattern: string): Answer {
    const refusal = this.refuse[pattern] ?? this.impossible(pattern);
    if (refusal !== undefined) return refusal;
    this.effects.set(pattern, (this.effects.get(pattern) ?? 0) + 1);
    const { state } = this;
    switch (pattern) {
      case 'inventory.reserve':
        state.reservation = 'held';
        return { reservationId: 'res1' };
      case 'inventory.release':
        state.reservation = 'none';
        return { reservationId: 'res1', status: 'released' };
      case 'inventory.commit':
        state.reservation = 'done';
        return { reservationId: 'res1', status: 'committed' };
      case 'payments.authorise':
        state.authorisation = 'held';
        return { id: 'pay1', status: 'authorised' };
      case 'payments.void':
        state.authorisation = 'none';
        return { id: 'pay1', status: 'voided' };
      case 'payments.capture':
        state.capture = 'done';
        state.authorisation = 'done';
        return { id: 'pay1', status: 'captured' };
      case 'payments.refund':
        state.capture = 'none';
        return { id: 'pay1', status: 'refunded' };
      case 'orders.place':
        state.order = 'held';
        return { id: 'ord1', status: 'pending' };
      case 'orders.cancel':
        state.order = 'none';
        return { id: 'ord1', status: 'cancelled' };
      case 'orders.confirm':
        state.order = 'done';
        return { id: 'ord1', status: 'confirmed' };
      default:
        throw new Error(`the shop has no ${pattern}`);
    }
  }

  private impossible(pattern: string): Refusal | undefined {
    const { state } = this;
    if (pattern === 'inventory.commit' && state.reservation !== 'held') {
      return new Refusal('inventory.reservation-released', 409);
    }
    if (pattern === 'inventory.release' && state.reservation === 'done') {
      return new Refusal('inventory.reservation-committed', 409);
    }
    if (pattern === 'payments.capture' && state.authorisation !== 'held') {
      return new Refusal('payments.not-authorised', 409);
    }
    if (pattern === 'payments.void' && state.authorisation === 'done') {
      return new Refusal('payments.already-captured', 409);
    }
    if (pattern === 'orders.confirm' && state.order !== 'held')
      return new Refusal('orders.order-cancelled', 409);
    if (pattern === 'orders.cancel' && state.order === 'done')
      return new Refusal('orders.order-confirmed', 409);
    return undefined;
  }
}
