import type { AttemptRecord, CallRecord, PartRecord, RequestRecord } from '@facet/gateway';

/** Random, but the same each time: 0 to 1. */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const T0 = Date.UTC(2026, 10, 30, 9, 41, 0);

/** What may happen to a part of a made-up request. */
export type Fate =
  'fresh' | 'cached' | 'stale' | 'joined' | 'retried' | 'hedged' | 'late' | 'gone' | 'skipped';

interface PartPlan {
  readonly name: string;
  readonly kind: PartRecord['kind'];
  readonly service: string;
  readonly operation: string;
  readonly needs: readonly string[];
  readonly meanMs: number;
  readonly hasDefault: boolean;
  readonly ids?: number;
  readonly sql: readonly string[];
}

const SELECT_PRODUCTS = 'select "id", "name", "slug", "price" from "products" where "id" = any($1)';

export const homeParts: readonly PartPlan[] = [
  {
    name: 'featured',
    kind: 'required',
    service: 'catalog',
    operation: 'featured',
    needs: [],
    meanMs: 14,
    hasDefault: false,
    sql: [
      'select "id", "headline", "product_id" from "heroes" order by "since" desc limit $1',
      SELECT_PRODUCTS,
    ],
  },
  {
    name: 'categories',
    kind: 'optional',
    service: 'catalog',
    operation: 'categories',
    needs: [],
    meanMs: 6,
    hasDefault: true,
    sql: ['select "slug", "name" from "categories" order by "place"'],
  },
  {
    name: 'popular',
    kind: 'optional',
    service: 'recommendations',
    operation: 'popular',
    needs: [],
    meanMs: 22,
    hasDefault: true,
    sql: ['select "product_id", count(*) from "views" where "at" > $1 group by 1 order by 2 desc limit $2'],
  },
  {
    name: 'forYou',
    kind: 'optional',
    service: 'catalog',
    operation: 'productsByIds',
    needs: ['popular'],
    meanMs: 9,
    hasDefault: true,
    ids: 6,
    sql: [SELECT_PRODUCTS],
  },
  {
    name: 'stock',
    kind: 'optional',
    service: 'inventory',
    operation: 'levels',
    needs: ['featured', 'popular'],
    meanMs: 18,
    hasDefault: false,
    ids: 13,
    sql: ['select "product_id", sum("available") from "levels" where "product_id" = any($1) group by 1'],
  },
];

const productParts: readonly PartPlan[] = [
  {
    name: 'product',
    kind: 'required',
    service: 'catalog',
    operation: 'product',
    needs: [],
    meanMs: 8,
    hasDefault: false,
    sql: [SELECT_PRODUCTS],
  },
  {
    name: 'stock',
    kind: 'optional',
    service: 'inventory',
    operation: 'levels',
    needs: [],
    meanMs: 11,
    hasDefault: false,
    ids: 1,
    sql: ['select "product_id", sum("available") from "levels" where "product_id" = any($1) group by 1'],
  },
  {
    name: 'reviews',
    kind: 'deferred',
    service: 'catalog',
    operation: 'reviews',
    needs: [],
    meanMs: 41,
    hasDefault: true,
    sql: [
      'select * from "reviews" where "product_id" = $1 order by "written_at" desc limit $2 offset $3',
      'select avg("stars"), count(*) from "reviews" where "product_id" = $1',
    ],
  },
  {
    name: 'related',
    kind: 'deferred',
    service: 'recommendations',
    operation: 'related',
    needs: ['product'],
    meanMs: 27,
    hasDefault: true,
    sql: ['select "other_id" from "pairs" where "product_id" = $1 order by "weight" desc limit $2'],
  },
];

const orderParts: readonly PartPlan[] = [
  {
    name: 'orders',
    kind: 'required',
    service: 'orders',
    operation: 'ofCustomer',
    needs: [],
    meanMs: 12,
    hasDefault: false,
    sql: ['select * from "orders" where "customer_id" = $1 order by "placed_at" desc limit $2'],
  },
  {
    name: 'products',
    kind: 'optional',
    service: 'catalog',
    operation: 'productsByIds',
    needs: ['orders'],
    meanMs: 9,
    hasDefault: false,
    ids: 9,
    sql: [SELECT_PRODUCTS],
  },
  {
    name: 'stock',
    kind: 'optional',
    service: 'inventory',
    operation: 'levels',
    needs: ['orders'],
    meanMs: 12,
    hasDefault: false,
    ids: 9,
    sql: ['select "product_id", sum("available") from "levels" where "product_id" = any($1) group by 1'],
  },
];

const ports: Readonly<Record<string, readonly number[]>> = {
  catalog: [4020, 4022, 4024],
  inventory: [4030, 4032],
  orders: [4040],
  recommendations: [4060, 4062],
  accounts: [4010],
};

const hex = (random: () => number, digits: number): string =>
  Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');

const round = (ms: number): number => Math.round(ms * 100) / 100;

interface Made {
  readonly part: PartRecord;
  readonly call: CallRecord | undefined;
}

/** One part and its call, from `startMs` on. */
function makePart(
  plan: PartPlan,
  fate: Fate,
  { random, startMs, index }: { random: () => number; startMs: number; index: number },
): Made {
  const { name, kind, service, operation, needs, hasDefault, ids } = plan;
  const identity = { name, kind, service, operation, needs, critical: false };
  const common = { service, operation, kind: 'query' as const, priority: 'normal' as const, queueMs: 0 };
  const took = plan.meanMs * (0.55 + 1.2 * random() ** 2);
  const start = round(startMs);
  const done = (
    endMs: number,
    state: PartRecord['state'],
    more: Partial<PartRecord>,
    call: Partial<CallRecord>,
  ): Made => ({
    part: { ...identity, state, startMs: start, endMs: round(endMs), calls: [index], ...more },
    call: {
      ...common,
      source: 'fresh',
      code: 'ok',
      startMs: start,
      endMs: round(endMs),
      attempts: [],
      ...(ids === undefined ? {} : { ids }),
      ...call,
    },
  });
  const attempt = (
    why: AttemptRecord['why'],
    from: number,
    to: number,
    code = 'ok',
    instance = 0,
  ): AttemptRecord => {
    const addresses = ports[service] ?? [4099];
    const handler = (to - from) * 0.62;
    const answered = code === 'ok';
    const each = (handler * 0.8) / plan.sql.length;
    const sql = plan.sql.map((statement, at) => ({
      statement,
      startMs: round(0.2 + at * each),
      ms: round(each * 0.86),
      rows: 1 + Math.floor(random() * 14),
    }));
    return {
      instance: `127.0.0.1:${addresses[instance % addresses.length]}`,
      why,
      startMs: round(from),
      endMs: round(to),
      waitMs: 0,
      code,
      ...(answered ? { server: { queueMs: round((to - from) * 0.06), handlerMs: round(handler), sql } } : {}),
    };
  };
  const pick = Math.floor(random() * 3);
  switch (fate) {
    case 'skipped':
      return {
        part: { ...identity, state: 'skipped', startMs: start, endMs: start, calls: [] },
        call: undefined,
      };
    case 'cached':
      return done(startMs + 0.12, 'cached', { ageMs: Math.round(random() * 25_000) }, { source: 'cached' });
    case 'stale':
      return done(
        startMs + 0.15,
        'stale',
        { ageMs: 60_000 + Math.round(random() * 50_000) },
        { source: 'stale' },
      );
    case 'joined':
      return done(startMs + took * 0.6, 'fresh', {}, { source: 'joined' });
    case 'retried': {
      const failedAt = startMs + took * 0.4;
      const again = failedAt + 11;
      return done(
        again + took,
        'fresh',
        {},
        {
          attempts: [
            attempt('first', startMs, failedAt, 'transport.closed', pick),
            { ...attempt('retry', again, again + took, 'ok', pick + 1), waitMs: 11 },
          ],
        },
      );
    }
    case 'hedged': {
      const second = startMs + plan.meanMs * 2.2;
      return done(
        second + took,
        'fresh',
        {},
        {
          attempts: [
            attempt('first', startMs, second + took, 'cancelled', pick),
            attempt('hedge', second, second + took, 'ok', pick + 1),
          ],
        },
      );
    }
    case 'late':
      return done(
        startMs + 500,
        hasDefault ? 'default' : 'missing',
        { reason: 'aggregation.timeout' },
        {
          source: 'none',
          code: 'upstream.timeout',
          attempts: [attempt('first', startMs, startMs + 500, 'transport.timeout', pick)],
        },
      );
    case 'gone':
      return done(
        startMs + 1.4,
        hasDefault ? 'default' : 'missing',
        { reason: 'upstream.unavailable' },
        { source: 'none', code: 'upstream.unavailable', attempts: [] },
      );
    case 'fresh':
      return done(
        startMs + took,
        'fresh',
        {},
        {
          attempts: [attempt('first', startMs, startMs + took, 'ok', pick)],
          queueMs: random() > 0.9 ? round(took * 0.2) : 0,
        },
      );
  }
}

/** Which parts the end has waited for. */
function markCritical(parts: PartRecord[]): PartRecord[] {
  const critical = new Set<string>();
  let next: PartRecord | undefined = parts
    .filter(({ state }) => state !== 'skipped')
    .toSorted((a, b) => b.endMs - a.endMs)[0];
  while (next !== undefined) {
    const { name, needs } = next;
    critical.add(name);
    next = parts.filter((each) => needs.includes(each.name)).toSorted((a, b) => b.endMs - a.endMs)[0];
  }
  return parts.map((part) => ({ ...part, critical: critical.has(part.name) }));
}

interface Shape {
  readonly method: string;
  readonly route: string;
  readonly path: string;
  readonly aggregation?: string;
  readonly parts: readonly PartPlan[];
}

const shapes: readonly Shape[] = [
  { method: 'GET', route: '/v1/home', path: '/v1/home', aggregation: 'mobile.home', parts: homeParts },
  {
    method: 'GET',
    route: '/v1/products/:id',
    path: '/v1/products/prd-lamp',
    aggregation: 'mobile.product',
    parts: productParts,
  },
  { method: 'GET', route: '/v1/orders', path: '/v1/orders', aggregation: 'mobile.orders', parts: orderParts },
  { method: 'GET', route: '/v1/products/:id/reviews', path: '/v1/products/prd-chair/reviews', parts: [] },
];

export interface RecordOptions {
  readonly seed?: number;
  /** 0 home, 1 product, 2 orders, 3 an operation that is passed on. */
  readonly shape?: number;
  readonly fates?: Readonly<Record<string, Fate>>;
  readonly at?: number;
  readonly over?: Partial<RequestRecord>;
}

/** A believable record. */
export function makeRecord({
  seed = 1,
  shape = 0,
  fates = {},
  at = T0,
  over = {},
}: RecordOptions = {}): RequestRecord {
  const random = dice(seed);
  const { method, route, path, aggregation, parts: plans } = shapes[shape] as Shape;
  const parts: PartRecord[] = [];
  const calls: CallRecord[] = [];
  const begin = 0.6 + random() * 0.5;
  for (const plan of plans) {
    const startMs =
      Math.max(begin, ...plan.needs.map((need) => parts.find(({ name }) => name === need)?.endMs ?? 0)) + 0.1;
    const { part, call } = makePart(plan, fates[plan.name] ?? 'fresh', {
      random,
      startMs,
      index: calls.length,
    });
    parts.push(part);
    if (call !== undefined) calls.push(call);
  }
  if (plans.length === 0) {
    const { call } = makePart(
      { ...(productParts[2] as PartPlan), kind: 'required' },
      fates['reviews'] ?? 'fresh',
      { random, startMs: begin, index: 0 },
    );
    if (call !== undefined) calls.push(call);
  }
  const lost = parts.find(
    ({ kind, state }) => kind === 'required' && (state === 'missing' || state === 'default'),
  );
  const ends = [begin, ...calls.map(({ endMs = 0 }) => endMs)];
  const durationMs = round((lost === undefined ? Math.max(...ends) : lost.endMs) + 0.5);
  const degraded = parts
    .filter(({ state }) => state === 'missing' || state === 'default')
    .map(({ name }) => name);
  const traceId = hex(random, 32);
  const status = lost === undefined ? 200 : lost.reason === 'aggregation.timeout' ? 504 : 503;
  const bytesOut = status === 200 ? 3_100 + Math.floor(random() * 1_200) : 312;
  const id = `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-8${hex(random, 3)}-${hex(random, 12)}`;
  return {
    id,
    traceId,
    spanId: hex(random, 16),
    sampled: true,
    kept: false,
    gateway: 'mobile-bff',
    at,
    durationMs,
    method,
    route,
    path,
    queryNames: [],
    status,
    ...(lost === undefined
      ? {}
      : {
          problem: {
            code: lost.reason ?? 'defect',
            service: lost.service,
            cause: 'ECONNREFUSED',
            policy: 'no-instance',
          },
        }),
    client: random() > 0.5 ? 'bearer' : 'anonymous',
    bytesIn: 0,
    bytesOut,
    requestHeaders: {
      accept: 'application/json',
      'accept-encoding': 'br, gzip',
      'user-agent': 'FacetShop/4.2 (Android 16)',
    },
    responseHeaders: {
      'content-type': status === 200 ? 'application/json; charset=utf-8' : 'application/problem+json',
      'cache-control': degraded.length > 0 ? 'no-store' : 'public, max-age=30, stale-while-revalidate=60',
      'content-encoding': 'br',
      'x-request-id': id,
      etag: `"${hex(random, 16)}"`,
    },
    degraded: lost === undefined ? degraded : [],
    ...(aggregation === undefined ? {} : { aggregation }),
    parts: markCritical(
      lost === undefined
        ? parts
        : parts.map((part) =>
            part.endMs > lost.endMs
              ? {
                  ...part,
                  state: 'unfinished' as const,
                  startMs: Math.min(part.startMs, lost.endMs),
                  endMs: lost.endMs,
                }
              : part,
          ),
    ),
    calls,
    ...over,
  };
}

/** What happens on a day: mostly nothing. */
export function makeDay(
  count: number,
  { seed = 7, from = T0 }: { seed?: number; from?: number } = {},
): RequestRecord[] {
  const random = dice(seed);
  const oddities: readonly Fate[] = ['retried', 'hedged', 'late', 'gone', 'stale', 'joined'];
  return Array.from({ length: count }, (_, index) => {
    const shape = Math.floor(random() ** 1.4 * 4);
    const fates: Record<string, Fate> = {};
    for (const { name } of shapes[shape]?.parts ?? []) {
      const roll = random();
      if (roll < 0.35) fates[name] = 'cached';
      else if (roll > 0.975) fates[name] = oddities[Math.floor(random() * oddities.length)] ?? 'late';
    }
    const at = from + index * 137 + Math.floor(random() * 90);
    const record = makeRecord({ seed: seed * 10_000 + index, shape, fates, at });
    return random() > 0.985
      ? {
          ...record,
          status: 404,
          path: '/v1/products/prd-nothing',
          problem: { code: 'catalog.product-not-found', service: 'catalog' },
        }
      : record;
  });
}

const LONG = 'aVeryLongNameThatSomebodyHasChosenWithLoveAndWithoutAnyThoughtOfColumns';

/** One with names that fit nowhere. */
export function makeLongRecord(seed = 99): RequestRecord {
  const record = makeRecord({ seed, fates: { stock: 'late', popular: 'retried', featured: 'hedged' } });
  const long = (name: string) => `${name}${LONG}`;
  return {
    ...record,
    route: `/v1/${LONG}/:${LONG}/items/:itemId`,
    path: `/v1/${LONG}/${'x'.repeat(180)}/items/9`,
    aggregation: `mobile.${LONG}`,
    degraded: record.degraded.map(long),
    parts: record.parts.map((part) => ({
      ...part,
      name: long(part.name),
      needs: part.needs.map(long),
      service: `${part.service}-${LONG.toLowerCase()}`,
    })),
    calls: record.calls.map((call) => ({
      ...call,
      service: `${call.service}-${LONG.toLowerCase()}`,
      operation: long(call.operation),
    })),
    requestHeaders: { ...record.requestHeaders, 'x-forwarded-long': 'z'.repeat(400) },
  };
}
