import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { OutputOf } from '@facet/contracts';
import { Implements } from '@facet/service';
import { FacetServer } from '@facet/transport/nest';
import { freePort } from '../free-port.js';
import { answerParent, cpuMicros } from '../worker.js';
import { answers, bench } from './contract.js';

type Rows = OutputOf<typeof bench.profile>;

/** The service as it is on the project's own ends. */
@Controller()
class BenchController {
  @Implements(bench.profile)
  profile(): Promise<Rows> {
    return Promise.resolve(answers.profile);
  }

  @Implements(bench.products)
  products(): Promise<Rows> {
    return Promise.resolve(answers.products);
  }

  @Implements(bench.offers)
  offers(): Promise<Rows> {
    return Promise.resolve(answers.offers);
  }

  @Implements(bench.news)
  news(): Promise<Rows> {
    return Promise.resolve(answers.news);
  }
}

@Module({ controllers: [BenchController] })
class BenchModule {}

const port = await freePort();
const app = await NestFactory.createMicroservice<MicroserviceOptions>(BenchModule, {
  strategy: new FacetServer({ host: '127.0.0.1', port, abilities: ['fields', 'first'] }),
  logger: false,
});
await app.listen();

answerParent({ port: () => port, cpu: cpuMicros });
