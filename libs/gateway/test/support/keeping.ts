import { aggregate } from '@facet/aggregation';
import { type Authenticator, headerValues } from '@facet/access';
import type { Caller } from '@facet/contracts';
import type { CachePolicy } from '../../src/cache/store/cache-policy.js';
import { Controller, Get } from '@nestjs/common';
import { z } from 'zod';
import { Answers, Incoming, route, type GatewayRequest } from '../../src/index.js';
import { startTestGateway } from './gateway.js';
import { shop, startShop, type RunningShop } from './shop.js';

const page = aggregate('spec.page', { input: z.strictObject({ ids: shop.items.input.shape.ids }) })
  .required('items', shop.items, { input: ({ input }) => input })
  .optional('flash', shop.flash, { input: ({ input }) => ({ id: input.ids[0] ?? 'none' }) })
  .shape(({ items, flash }) => ({ names: items.items.map(({ name }) => name), flash: flash?.name }));
const pageAnswer = z.strictObject({ names: z.array(z.string()), flash: z.string().optional() });

const card = aggregate('spec.card', { input: shop.item.input })
  .required('item', shop.item, { input: ({ input }) => input, fields: ['name'] })
  .shape(({ item }) => item);

const whole = aggregate('spec.whole', { input: shop.item.input })
  .required('item', shop.item, { input: ({ input }) => input, opaque: true })
  .shape(({ item }) => ({ item }));

@Controller()
class PageController {
  @Get('page')
  @Answers(page, { access: 'public', answer: pageAnswer })
  page(@Incoming() request: GatewayRequest) {
    return request.answer(page);
  }

  @Get('cards/:id')
  @Answers(card, { access: 'public', answer: shop.item.output.pick({ name: true }) })
  card(@Incoming() request: GatewayRequest) {
    return request.answer(card);
  }

  @Get('whole/:id')
  @Answers(whole, { access: 'public', answer: z.strictObject({ item: shop.item.output }) })
  whole(@Incoming() request: GatewayRequest) {
    return request.answer(whole);
  }
}

const access = {};
const routes = [
  route('GET /items/:id', shop.item, { access: 'public', input: { id: 'path' } }),
  route('GET /items', shop.items, { access: 'public', input: { ids: 'query' } }),
  route('GET /flash/:id', shop.flash, { access: 'public', input: { id: 'path' } }),
  route('GET /mine', shop.mine, { access }),
  route('GET /cellar', shop.cellar, { access: { scopes: ['read'] } }),
  route('GET /items-of/:id', shop.item, { access, input: { id: 'path' } }),
  route('POST /notes', shop.note, {
    access,
    input: { idempotencyKey: 'header:idempotency-key', text: 'body', by: 'caller:subject' },
  }),
];

const callerOf = (subject: string): Caller => ({
  ...{ subject, kind: 'user', client: 'spec', scopes: ['read'], roles: [], credential: 'bearer' },
});
const authenticator: Authenticator = {
  credentials: ['bearer'],
  schemes: { token: { type: 'http', scheme: 'bearer' } },
  authenticate: (request) => {
    const [header] = headerValues(request, 'authorization');
    return Promise.resolve(header === undefined ? undefined : callerOf(header.replace('Bearer ', '')));
  },
  challenge: () => ({}),
};
export const as = (subject: string) => ({ headers: { authorization: `Bearer ${subject}` } });

const running: { stop(): Promise<void> }[] = [];

/** Ends after the test, before what was given here earlier. */
export function stopLater<T extends { stop(): Promise<void> }>(started: T): T {
  running.push(started);
  return started;
}

export async function stopAll(): Promise<void> {
  for (const each of running.splice(0).reverse()) await each.stop();
}

interface Starting {
  readonly handlers?: Parameters<typeof startShop>[0];
  readonly cache?: CachePolicy;
  readonly env?: Record<string, string>;
}

/** One more gateway over a service that runs. */
export async function startGateway(service: RunningShop, { cache = {}, env = {} }: Starting = {}) {
  const gateway = await startTestGateway({
    controllers: [PageController],
    routes,
    shop: service.address,
    policy: { cache },
    auth: () => ({ authenticator }),
    assertCaller: () => (caller) => caller?.subject ?? 'nobody',
    env,
  });
  return stopLater(gateway);
}

/** A gateway that keeps what `shop` answers, and the service that it asks. */
export async function start(starting: Starting = {}) {
  const service = stopLater(await startShop(starting.handlers));
  const gateway = await startGateway(service, starting);
  const asked = (operation: keyof typeof shop) =>
    service.requests.filter(({ pattern }) => pattern === `shop.${operation}`);
  return { ...gateway, service, asked };
}
