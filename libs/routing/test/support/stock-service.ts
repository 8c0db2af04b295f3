import { appendFileSync } from 'node:fs';
import { Controller, Inject, Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  MessagePattern,
  Payload,
  RpcException,
  Transport,
  type MicroserviceOptions,
} from '@nestjs/microservices';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@facet/platform';
import { itemOf } from './shop.js';

export interface StockOptions {
  readonly port?: number;
  readonly name?: string;
  /** What every answer takes, in ms. */
  readonly takesMs?: number;
  /** A file that gets the key of every command that ran, a line each. */
  readonly record?: string;
}

@Controller()
class ShopController {
  constructor(@Inject('options') private readonly options: StockOptions) {}

  @MessagePattern('shop.item')
  async item(@Payload() { id, delayMs }: { id: string; delayMs: number }) {
    await sleep(delayMs + (this.options.takesMs ?? 0));
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
  async count(@Payload() { key, delayMs }: { key: string; delayMs: number }) {
    const { name = 'stock', takesMs = 0, record } = this.options;
    await sleep(delayMs + takesMs);
    if (record !== undefined) appendFileSync(record, `${key}\n`);
    return { by: name };
  }
}

@Module({})
class ShopModule {
  static with(options: StockOptions): DynamicModule {
    return {
      module: ShopModule,
      controllers: [ShopController],
      providers: [{ provide: 'options', useValue: options }],
    };
  }
}

/** A stock Nest TCP service with nothing of ours in it, on a free port. */
export async function startStock(
  options: StockOptions = {},
): Promise<{ address: string; close(): Promise<void> }> {
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(ShopModule.with(options), {
    transport: Transport.TCP,
    options: { host: '127.0.0.1', port: options.port ?? 0 },
    logger: false,
  });
  await app.listen();
  const server = app.unwrap<{ address(): { port: number } }>();
  return { address: `127.0.0.1:${server.address().port}`, close: () => app.close() };
}
