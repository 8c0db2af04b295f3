import {
  id,
  query,
  service,
  type Answer,
  type Dispatch,
  type Freshness,
  type Operation,
} from '@facet/contracts';
import { VirtualClock } from '@facet/contracts/testing';
import { z } from 'zod';

/** What a service does with a call, in milliseconds and one way or the other. */
export interface Behaviour {
  readonly tookMs?: number;
  readonly value?: unknown;
  readonly error?: Error;
  readonly source?: Answer<unknown>['source'];
  readonly ageMs?: number;
}

export interface Received {
  readonly pattern: string;
  readonly input: unknown;
  readonly options: {
    readonly deadline: number;
    readonly fields?: readonly string[];
    readonly first?: { readonly list: string; readonly count: number };
    readonly raw?: boolean;
  };
  readonly at: number;
  endedAt?: number;
}

/** Services that answer as told on a clock of their own, stop when they are cancelled, and remember everything. */
export class Upstream {
  readonly clock = new VirtualClock();
  readonly received: Received[] = [];

  constructor(private readonly behave: (operation: Operation, input: unknown) => Behaviour) {}

  get running(): readonly Received[] {
    return this.received.filter(({ endedAt }) => endedAt === undefined);
  }

  of(pattern: string): readonly Received[] {
    return this.received.filter((call) => call.pattern === pattern);
  }

  dispatch: Dispatch = ({ selection, input, deadline }, handler) => {
    const { operation, fields, first, opaque } = selection;
    const options = {
      deadline,
      ...(fields && { fields }),
      ...(first && { first }),
      ...(opaque && { raw: true }),
    };
    const call: Received = { pattern: operation.pattern, input, options, at: this.clock.now() };
    this.received.push(call);
    const { tookMs = 0, value = {}, error, source = 'fresh', ageMs = 0 } = this.behave(operation, input);
    const stop = this.clock.after(tookMs, () => {
      call.endedAt = this.clock.now();
      if (error === undefined) handler.arrived({ value, source, ageMs });
      else handler.missed(error);
    });
    return () => {
      stop();
      call.endedAt ??= this.clock.now();
    };
  };
}

export class Failure extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly retryAfterMs?: number,
  ) {
    super(`message of ${code}`);
  }
}

const text = z.strictObject({ text: z.string() });
const ask = z.strictObject({ n: z.number() });
const itemId = id('item', { owner: 'nobody' });
const item = z.strictObject({ id: itemId, name: z.string(), size: z.number() });
const output = z.object({
  a: z.number(),
  b: z.number(),
  list: z.array(z.object({ x: z.number(), y: z.number() })),
});
const plain = (freshness?: Freshness) =>
  query({ summary: 's', input: ask, output, errors: { 's.gone': 410 }, ...(freshness ? { freshness } : {}) });

/** Operations to ask in specs. */
export const s = service('s', {
  one: plain({ ttlMs: 10_000, staleWhileRevalidateMs: 5_000 }),
  two: plain({ ttlMs: 4_000 }),
  mine: plain({ ttlMs: 9_000, perCaller: true }),
  uncached: plain(),
  text: query({ summary: 's', input: text, output: text }),
  byIds: query({
    summary: 's',
    input: z.strictObject({ ids: z.array(itemId).min(1), lang: z.string().optional() }),
    output: z.strictObject({ items: z.array(item) }),
    byIds: { ids: 'ids', items: 'items', key: 'id', max: 3 },
    freshness: { ttlMs: 1_000 },
  }),
});

export const value = { a: 1, b: 2, list: [{ x: 3, y: 4 }] };

/** Answers by ids with all that are asked for but `unknown`, in no order. */
export function itemsOf(input: unknown) {
  const { ids } = input as { ids: string[] };
  const items = ids.filter((id) => id !== 'unknown').map((id) => ({ id, name: `name of ${id}`, size: 1 }));
  return { items: items.reverse() };
}
