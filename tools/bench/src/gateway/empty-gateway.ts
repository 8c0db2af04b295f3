import 'reflect-metadata';
import { Controller, Get, Header, Module, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { answerParent, cpuMicros } from '../worker.js';
import { answers, shown } from './contract.js';

const { profile, products, offers, news } = answers;
const short = ({ items }: typeof profile, count: number): unknown =>
  items.slice(0, count).map(({ id, title, price }) => ({ id, title, price }));

const bodies: Readonly<Record<string, string>> = {
  cut: JSON.stringify({
    profile: short(profile, shown.profile),
    products: short(products, shown.products),
    offers: short(offers, shown.offers),
    news: short(news, shown.news),
  }),
  whole: JSON.stringify(answers),
  through: JSON.stringify(products),
};

/** The three answers as stock Nest on Fastify sends them when no service is asked for them: what the framework costs. */
@Controller()
class BenchController {
  @Get(':name/:id')
  @Header('content-type', 'application/json; charset=utf-8')
  answer(@Param('name') name: string): string | undefined {
    return bodies[name];
  }
}

@Module({ controllers: [BenchController] })
class BenchModule {}

const app = await NestFactory.create<NestFastifyApplication>(BenchModule, new FastifyAdapter(), {
  logger: false,
});
await app.listen(0, '127.0.0.1');

answerParent({ url: () => app.getUrl(), cpu: cpuMicros, rss: () => process.memoryUsage.rss() });
