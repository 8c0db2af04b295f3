import 'reflect-metadata';
import { Controller, Get, Module, Param } from '@nestjs/common';
import { aggregate } from '@facet/aggregation';
import { bearerSignIn, issuerVariables } from '@facet/auth';
import { openConsole } from '@facet/console';
import {
  Answers,
  createGateway,
  definePolicy,
  gatewayConfig,
  Incoming,
  RequireAccess,
  route,
  type AuthFactory,
  type GatewayRequest,
} from '@facet/gateway';
import { createLogger } from '@facet/platform';
import { z } from 'zod';
import { answerParent, cpuMicros } from '../worker.js';
import { bench, cacheableBench, labelled, shown } from './contract.js';
import { profiler } from './profile.js';

/** How this gateway of ours is set up; its parent hands it over as JSON. */
export interface FacetSettings {
  /** The ports of the service's instances. */
  readonly ports: readonly number[];
  readonly cache: boolean;
  /** The issuer whose tokens every request must bring; every route is public where absent. */
  readonly issuer?: string;
  /** The token of its console; it has none where absent. */
  readonly console?: string;
}

const settings = JSON.parse(process.argv[2] ?? '') as FacetSettings;
const { profile, products, offers, news } = settings.cache ? cacheableBench : bench;
const input = z.strictObject({ id: z.string() });
const fields = ['items.id', 'items.title', 'items.price'] as const;
const ask = ({ input: { id } }: { input: { id: string } }): { id: string } => ({ id });

const first = (count: number) =>
  ({ input: ask, fields, list: 'items', first: count, opaque: 'items' }) as const;

const cut = aggregate('bench.cut', { input })
  .required('profile', profile, first(shown.profile))
  .required('products', products, first(shown.products))
  .required('offers', offers, first(shown.offers))
  .required('news', news, first(shown.news))
  .shape(({ profile, products, offers, news }) => ({ profile, products, offers, news }));

const look = aggregate('bench.look', { input })
  .required('profile', profile, { input: ask, fields })
  .required('products', products, { input: ask, fields })
  .required('offers', offers, { input: ask, fields })
  .required('news', news, { input: ask, fields })
  .shape((parts) => ({
    profile: parts.profile.items.slice(0, shown.profile).map(labelled),
    products: parts.products.items.slice(0, shown.products).map(labelled),
    offers: parts.offers.items.slice(0, shown.offers).map(labelled),
    news: parts.news.items.slice(0, shown.news).map(labelled),
  }));

const whole = aggregate('bench.whole', { input })
  .required('profile', profile, { input: ask, opaque: true })
  .required('products', products, { input: ask, opaque: true })
  .required('offers', offers, { input: ask, opaque: true })
  .required('news', news, { input: ask, opaque: true })
  .shape((parts) => ({
    profile: parts.profile,
    products: parts.products,
    offers: parts.offers,
    news: parts.news,
  }));

const answer = z.looseObject({});
const access = settings.issuer === undefined ? ('public' as const) : {};

type Body = ReturnType<GatewayRequest['answer']>;

/** The endpoints as controllers of one's own have them. */
@Controller('nest')
class NestController {
  @Get('cut/:id')
  @Answers(cut, { access, answer })
  cut(@Incoming() request: GatewayRequest): Body {
    return request.answer(cut);
  }

  @Get('whole/:id')
  @Answers(whole, { access, answer })
  whole(@Incoming() request: GatewayRequest): Body {
    return request.answer(whole);
  }

  @Get('through/:id')
  @RequireAccess(access)
  through(@Incoming() request: GatewayRequest, @Param('id') id: string): Body {
    return request.forward(products, { id });
  }
}

const promised = { access, answer };
const routes = [
  route('GET /cut/:id', cut, promised),
  route('GET /look/:id', look, promised),
  route('GET /whole/:id', whole, promised),
  route('GET /through/:id', products, { access, input: { id: 'path' } }),
];

@Module({ controllers: [NestController] })
class BenchModule {}

/** Nobody is refused, but everybody is counted. */
const unreached = { requests: 1_000_000_000, seconds: 60 };
const plan = { burst: unreached, sustained: { ...unreached, seconds: 300 } };
const policy = definePolicy({
  ...(settings.cache ? {} : { cache: false }),
  // The answers of the others are not compressed either, whatever a client takes.
  compression: false,
  rateLimits: { anonymous: plan, callers: plan, failures: unreached },
  shedding: { maxInFlight: 10_000, maxDelayMs: 10_000 },
  cors: { origins: ['https://shop.example.com'] },
});

const audience = 'urn:facet:bench';
const config = gatewayConfig('bench', { port: 0, services: { bench: 1 } }, issuerVariables(audience));
const signIn: AuthFactory<ReturnType<typeof config.load>> = ({ config: { own, production }, logger }) =>
  bearerSignIn({ name: 'bench', config: { ...own, production }, logger });
const gateway = await createGateway(
  {
    ...{ routes, module: BenchModule },
    config,
    policy,
    ...(settings.issuer === undefined ? {} : { auth: signIn }),
    ...(settings.console === undefined ? {} : { console: openConsole }),
  },
  {
    config: config.load({
      PORT: '0',
      ADMIN_PORT: '0',
      ANSWER_CACHE: String(settings.cache),
      BENCH_ADDRESSES: settings.ports.map((port) => `127.0.0.1:${String(port)}`).join(','),
      ...(settings.issuer === undefined ? {} : { ISSUER_URL: settings.issuer }),
      ...(settings.console === undefined ? {} : { CONSOLE_TOKEN: settings.console }),
    }),
    // To standard output, as in production; the parent has it in a file.
    logger: createLogger({ name: 'bench', level: 'info' }),
  },
);

answerParent({
  url: () => gateway.addresses['http'],
  admin: () => gateway.addresses['admin'],
  cpu: cpuMicros,
  rss: () => process.memoryUsage.rss(),
  ...profiler(),
});
