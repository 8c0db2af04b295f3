import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Payload, RpcException, Transport } from '@nestjs/microservices';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@facet/platform';
import { itemOf } from './shop.js';

@Controller()
class ShopController {
  @MessagePattern('shop.item')
  async item(@Payload() { id, delayMs }: { id: string; delayMs: number }) {
    await sleep(delayMs);
    return { ...itemOf(id), internalCost: 7, tags: itemOf(id).tags.map((tag) => ({ ...tag, rank: 1 })) };
  }

  @MessagePattern('shop.fail')
  fail(@Payload() { with: how }: { with: string }) {
    switch (how) {
      case 'fault':
        throw new RpcException(new Fault('shop.unknown-item', 404, 'No such item').toWire());
      case 'text':
        throw new RpcException('the database said no');
      case 'status':
        throw new RpcException({
          statusCode: 409,
          message: ['it is taken', 'try another'],
          error: 'Conflict',
        });
      case 'server-error':
        throw new RpcException({ status: 500, message: 'password=hunter2' });
      case 'bare':
        throw new Error('a defect');
      case 'shape':
        return { id: 7 };
      default:
        return { id: 'x', more: true };
    }
  }

  @MessagePattern('shop.count')
  async count(@Payload() { delayMs }: { key: string; delayMs: number }) {
    await sleep(delayMs);
    return { by: 'stock' };
  }
}

@Module({ controllers: [ShopController] })
class ShopModule {}

/** A stock Nest TCP service with nothing of ours in it, on a free port. */
export async function startStock(port = 0): Promise<{ address: string; close(): Promise<void> }> {
  const app = await NestFactory.createMicroservice(ShopModule, {
    transport: Transport.TCP,
    options: { host: '127.0.0.1', port },
    logger: false,
  });
  await app.listen();
  const server = app.unwrap<{ address(): { port: number } }>();
  return { address: `127.0.0.1:${server.address().port}`, close: () => app.close() };
}
