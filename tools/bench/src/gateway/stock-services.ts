import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Transport, type MicroserviceOptions } from '@nestjs/microservices';
import { freePort } from '../free-port.js';
import { answerParent } from '../worker.js';
import { answers } from './contract.js';

/** The service as a stock Nest application has it. */
@Controller()
class BenchController {
  @MessagePattern('bench.profile')
  profile(): unknown {
    return answers.profile;
  }

  @MessagePattern('bench.products')
  products(): unknown {
    return answers.products;
  }

  @MessagePattern('bench.offers')
  offers(): unknown {
    return answers.offers;
  }

  @MessagePattern('bench.news')
  news(): unknown {
    return answers.news;
  }
}

@Module({ controllers: [BenchController] })
class BenchModule {}

const port = await freePort();
const app = await NestFactory.createMicroservice<MicroserviceOptions>(BenchModule, {
  transport: Transport.TCP,
  options: { host: '127.0.0.1', port },
  logger: false,
});
await app.listen();

answerParent({ port: () => port });
