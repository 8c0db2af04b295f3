import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Transport, type MicroserviceOptions } from '@nestjs/microservices';
import fastify from 'fastify';
import { answerParent } from '../worker.js';

const answer = {
  items: Array.from({ length: 12 }, (_, n) => ({ id: `p-${n}`, title: 'A title', cents: 100 * n })),
};

@Controller()
class ItemsController {
  @MessagePattern('items.list')
  list() {
    return answer;
  }
}

@Module({ controllers: [ItemsController] })
class ItemsModule {}

/** The same answer by Nest's TCP transport and over HTTP, from services with nothing of ours in them. */
const nest = await NestFactory.createMicroservice<MicroserviceOptions>(ItemsModule, {
  transport: Transport.TCP,
  options: { host: '127.0.0.1', port: 0 },
  logger: false,
});
await nest.listen();
const app = fastify();
app.get('/items', () => answer);
const http = await app.listen({ host: '127.0.0.1', port: 0 });

answerParent({
  addresses: () => ({
    tcp: `127.0.0.1:${nest.unwrap<{ address(): { port: number } }>().address().port}`,
    http: new URL(http).host,
  }),
});
