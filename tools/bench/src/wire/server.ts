import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Payload, Transport, type MicroserviceOptions } from '@nestjs/microservices';
import { callDirectly, FacetServer } from '@facet/transport/nest';
import { freePort } from '../free-port.js';
import { answerParent, cpuMicros } from '../worker.js';
import { body20k } from './payloads.js';

@Controller()
class EchoController {
  @MessagePattern('echo')
  echo(@Payload() data: unknown): unknown {
    return data;
  }

  @MessagePattern('large')
  large(): unknown {
    return body20k;
  }
}

@Module({ controllers: [EchoController] })
class EchoModule {}

const port = await freePort();
const ours = process.argv[2] === 'stock' ? undefined : new FacetServer({ host: '127.0.0.1', port });
const options: MicroserviceOptions =
  ours === undefined
    ? { transport: Transport.TCP, options: { host: '127.0.0.1', port } }
    : { strategy: ours };
const app = await NestFactory.createMicroservice<MicroserviceOptions>(EchoModule, {
  ...options,
  logger: false,
});
await app.init();
if (ours !== undefined) callDirectly(app, ours);
await app.listen();

answerParent({ port: () => port, cpu: cpuMicros });
