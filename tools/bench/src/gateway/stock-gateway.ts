import 'reflect-metadata';
import { Controller, Get, Inject, Module, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientsModule, Transport, type ClientProxy } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { firstValueFrom } from 'rxjs';
import { answerParent, cpuMicros } from '../worker.js';
import { labelled, shown, type answers } from './contract.js';

type Rows = (typeof answers)[keyof typeof answers];

/** The three endpoints as one writes them by hand on stock Nest. */
@Controller()
class BenchController {
  constructor(@Inject('BENCH') private readonly service: ClientProxy) {}

  @Get('cut/:id')
  async cut(@Param('id') id: string): Promise<unknown> {
    const { profile, products, offers, news } = await this.fetch(id);
    const short = ({ items }: Rows, count: number): unknown =>
      items.slice(0, count).map((item) => ({ id: item.id, title: item.title, price: item.price }));
    return {
      profile: short(profile, shown.profile),
      products: short(products, shown.products),
      offers: short(offers, shown.offers),
      news: short(news, shown.news),
    };
  }

  @Get('look/:id')
  async look(@Param('id') id: string): Promise<unknown> {
    const { profile, products, offers, news } = await this.fetch(id);
    return {
      profile: profile.items.slice(0, shown.profile).map(labelled),
      products: products.items.slice(0, shown.products).map(labelled),
      offers: offers.items.slice(0, shown.offers).map(labelled),
      news: news.items.slice(0, shown.news).map(labelled),
    };
  }

  @Get('whole/:id')
  whole(@Param('id') id: string): Promise<unknown> {
    return this.fetch(id);
  }

  @Get('through/:id')
  through(@Param('id') id: string): Promise<unknown> {
    return this.ask('bench.products', id);
  }

  private async fetch(id: string): Promise<Record<keyof typeof answers, Rows>> {
    const [profile, products, offers, news] = await Promise.all([
      this.ask('bench.profile', id),
      this.ask('bench.products', id),
      this.ask('bench.offers', id),
      this.ask('bench.news', id),
    ]);
    return { profile, products, offers, news };
  }

  private ask(pattern: string, id: string): Promise<Rows> {
    return firstValueFrom(this.service.send<Rows>(pattern, { id }));
  }
}

@Module({
  imports: [
    ClientsModule.register([
      {
        name: 'BENCH',
        transport: Transport.TCP,
        options: { host: '127.0.0.1', port: Number(process.argv[2]) },
      },
    ]),
  ],
  controllers: [BenchController],
})
class BenchModule {}

const app = await NestFactory.create<NestFastifyApplication>(BenchModule, new FastifyAdapter(), {
  logger: false,
});
await app.listen(0, '127.0.0.1');

answerParent({ url: () => app.getUrl(), cpu: cpuMicros, rss: () => process.memoryUsage.rss() });
