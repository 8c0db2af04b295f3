import { command, id as idOf, query, service } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { WireServer, type IncomingRequest } from '@facet/transport';
import { z } from 'zod';

const id = idOf('item', { owner: 'nobody', schema: z.string().regex(/^[a-z0-9-]+$/) });
const item = z.strictObject({ id, name: z.string() });

/** A small service for specs. */
export const shop = service('shop', {
  item: query({
    summary: 'One item',
    input: z.strictObject({ id }),
    output: item,
    freshness: { ttlMs: 60_000, staleWhileRevalidateMs: 120_000, tags: ['item:{id}'] },
    errors: { 'shop.item-not-found': 404 },
  }),
  search: query({
    summary: 'Items by words',
    input: z.strictObject({
      q: z.string().min(1).optional(),
      page: z.int().min(1).default(1),
      ids: z.array(id).optional(),
      inStock: z.boolean().optional(),
    }),
    output: z.strictObject({ items: z.array(item) }),
    freshness: { ttlMs: 30_000 },
  }),
  reviews: query({
    summary: 'What is said of an item',
    input: z.strictObject({ id }),
    output: z.strictObject({ stars: z.number() }),
    freshness: { ttlMs: 10_000 },
  }),
  items: query({
    summary: 'Items by their ids',
    input: z.strictObject({ ids: z.array(id).max(20) }),
    output: z.strictObject({ items: z.array(item) }),
    byIds: { ids: 'ids', items: 'items', key: 'id', max: 20 },
    freshness: { ttlMs: 60_000, tags: ['item:{ids}'] },
  }),
  mine: query({
    summary: "What is the caller's own",
    input: z.strictObject({}),
    output: z.strictObject({ of: z.string() }),
    freshness: { ttlMs: 60_000, perCaller: true },
  }),
  cellar: query({
    summary: 'What only some may see, though it is the same for all of them',
    access: { scopes: ['read'] },
    input: z.strictObject({}),
    output: z.strictObject({ bottles: z.int() }),
    freshness: { ttlMs: 60_000 },
  }),
  nothing: query({
    summary: 'What has no answer',
    input: z.strictObject({}),
    output: z.undefined(),
  }),
  flash: query({
    summary: 'What is new for a moment',
    input: z.strictObject({ id }),
    output: item,
    freshness: { ttlMs: 40 },
    errors: { 'shop.item-not-found': 404 },
  }),
  note: command({
    summary: 'Writes something down',
    input: z.strictObject({
      idempotencyKey: z.string().min(8),
      text: z.string(),
      by: z.string(),
      tags: z.record(z.string(), z.unknown()).optional(),
    }),
    output: z.strictObject({ text: z.string(), by: z.string() }),
  }),
  erase: command({
    summary: 'Takes back what was written down',
    input: z.strictObject({ idempotencyKey: z.string().min(8), text: z.string() }),
    output: z.strictObject({ text: z.string() }),
  }),
  seal: command({
    summary: 'Makes it final',
    input: z.strictObject({ idempotencyKey: z.string().min(8), text: z.string() }),
    output: z.strictObject({ text: z.string() }),
    errors: { 'shop.not-sealed': 409 },
  }),
});

type Handlers = Partial<
  Record<keyof typeof shop | 'answer-changes', (input: never, request: IncomingRequest) => unknown>
>;

export interface RunningShop {
  readonly address: string;
  /** What has reached it, oldest first. */
  readonly requests: readonly IncomingRequest[];
  stop(): Promise<void>;
}

const usual: Handlers = {
  item: ({ id: asked }: { id: string }) => ({ id: asked, name: `Item ${asked}` }),
  search: ({ ids = ['a', 'b'] }: { ids?: string[] }) => ({
    items: ids.map((each) => ({ id: each, name: each })),
  }),
  reviews: () => ({ stars: 4 }),
  items: ({ ids }: { ids: string[] }) => ({ items: ids.map((each) => ({ id: each, name: `Item ${each}` })) }),
  mine: (_: object, { caller = '' }) => ({ of: caller }),
  cellar: () => ({ bottles: 12 }),
  flash: ({ id: asked }: { id: string }) => ({ id: asked, name: `Item ${asked}` }),
  'answer-changes': () => ({ tags: [], next: 'now', reset: false }),
  note: ({ text, by }: { text: string; by: string }) => ({ text, by }),
  erase: ({ text }: { text: string }) => ({ text }),
  seal: ({ text }: { text: string }) => ({ text }),
};

/** Starts the service over real TCP; `handlers` stand in for the usual ones. */
export async function startShop(handlers: Handlers = {}, port = 0): Promise<RunningShop> {
  const requests: IncomingRequest[] = [];
  const all = { ...usual, ...handlers } as Record<
    string,
    (input: unknown, request: IncomingRequest) => unknown
  >;
  const server = new WireServer({ port, abilities: ['times'] }).onRequest((request) => {
    requests.push(request);
    const handler = all[String(request.pattern).replace('shop.', '')];
    if (handler === undefined) throw new Fault('shop.unknown', 501, 'No such operation');
    return handler(request.data, request);
  });
  const { port: taken } = await server.listen();
  return { address: `127.0.0.1:${taken}`, requests, stop: () => server.close({ timeoutMs: 1_000 }) };
}
