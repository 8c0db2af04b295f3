import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { aggregate } from '@facet/aggregation';
import {
  Answers,
  createGateway,
  gatewayConfig,
  Incoming,
  passThrough,
  route,
  type IncomingRequest,
} from '@facet/gateway';
import { createLogger } from '@facet/platform';
import { z } from 'zod';
import { answerParent, cpuMicros } from '../worker.js';
import { bench } from './contract.js';

const input = z.strictObject({ id: z.string() });
const fields = ['items.id', 'items.title', 'items.price'] as const;
const ask = ({ input: { id } }: { input: { id: string } }): { id: string } => ({ id });

const cut = aggregate('bench.cut', { input })
  .required('profile', bench.profile, { input: ask, fields })
  .required('products', bench.products, { input: ask, fields })
  .required('offers', bench.offers, { input: ask, fields })
  .required('news', bench.news, { input: ask, fields })
  .shape(({ profile, products, offers, news }) => ({
    profile: profile.items.slice(0, 2),
    products: products.items.slice(0, 12),
    offers: offers.items.slice(0, 8),
    news: news.items.slice(0, 5),
  }));

const whole = aggregate('bench.whole', { input })
  .required('profile', bench.profile, { input: ask, whole: true })
  .required('products', bench.products, { input: ask, whole: true })
  .required('offers', bench.offers, { input: ask, whole: true })
  .required('news', bench.news, { input: ask, whole: true })
  .shape(({ profile, products, offers, news }) => ({ profile, products, offers, news }));

const answer = z.looseObject({});

@Controller()
class BenchController {
  @Get('cut/:id')
  @Answers(cut, { access: 'public', answer })
  cut(@Incoming() request: IncomingRequest): ReturnType<IncomingRequest['answer']> {
    return request.answer(cut);
  }

  @Get('whole/:id')
  @Answers(whole, { access: 'public', answer })
  whole(@Incoming() request: IncomingRequest): ReturnType<IncomingRequest['answer']> {
    return request.answer(whole);
  }
}

const routes = [route('GET /through/:id', bench.products, { access: 'public', input: { id: 'path' } })];

@Module({ controllers: [BenchController, passThrough(routes)] })
class BenchModule {}

const config = gatewayConfig('bench', { port: 0, services: { bench: 1 } });
const gateway = await createGateway(
  { module: BenchModule, config },
  {
    config: config.load({
      PORT: '0',
      ADMIN_PORT: '0',
      // Each request must reach the services: kept or shared answers would be measured instead.
      ANSWER_CACHE: 'false',
      BENCH_ADDRESSES: `127.0.0.1:${String(process.argv[2])}`,
    }),
    logger: createLogger({ name: 'bench', level: 'error' }),
  },
);

answerParent({ url: () => gateway.addresses['http'], cpu: cpuMicros });
