import 'reflect-metadata';

import type { AddressInfo, Server as NetServer } from 'node:net';

import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  ClientTCP,
  EventPattern,
  MessagePattern,
  Payload,
  RpcException,
  ServerTCP,
  type CustomTransportStrategy,
} from '@nestjs/microservices';
import { from, interval, lastValueFrom, map, take, toArray, type Observable } from 'rxjs';

import { Channel, type ChannelOptions, type OutgoingCall } from '../../src/index.js';
import { FacetClient, FacetServer, WireErrorFilter, type FacetServerOptions } from '../../src/nest/index.js';

export const HOST = '127.0.0.1';

const seen: unknown[] = [];
let wakers: (() => void)[] = [];

/** Resolves with the events that reached a service, once there are `count`. */
export async function eventsSeen(count: number): Promise<unknown[]> {
  while (seen.length < count) await new Promise<void>((resolve) => wakers.push(resolve));
  return seen.splice(0);
}

/** An error with a code, as services of ours throw it. */
class CodedError extends Error {
  toWire(): object {
    return { code: 'catalog.gone', status: 410, message: this.message };
  }
}

@Controller()
class WorldController {
  @MessagePattern('echo')
  echo(@Payload() data: unknown): unknown {
    return data;
  }

  @MessagePattern({ cmd: 'echo', version: 2 })
  async echoLater(@Payload() data: unknown): Promise<unknown> {
    await new Promise((resolve) => setImmediate(resolve));
    return data;
  }

  @MessagePattern('answer-null')
  nothingness(): null {
    return null;
  }

  @MessagePattern('answer-nothing')
  nothing(): void {
    return undefined;
  }

  @MessagePattern('stream')
  stream(@Payload() count: number): Observable<object> {
    return interval(1).pipe(
      take(count),
      map((index) => ({ index })),
    );
  }

  @MessagePattern('burst')
  burst(@Payload() count: number): Observable<number> {
    return from(Array.from({ length: count }, (_, index) => index));
  }

  @MessagePattern('refuse')
  refuse(@Payload() reason: string | object): never {
    throw new RpcException(reason);
  }

  @MessagePattern('coded')
  coded(): never {
    throw new CodedError('gone for good');
  }

  @MessagePattern('defect')
  defect(): never {
    throw new Error('the password is hunter2');
  }

  @EventPattern('happened')
  happened(@Payload() data: unknown): void {
    seen.push(data);
    for (const wake of wakers) wake();
    wakers = [];
  }
}

@Module({ controllers: [WorldController] })
class WorldModule {}

export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

async function serve(
  strategy: CustomTransportStrategy & { unwrap(): NetServer },
  withFilter: boolean,
): Promise<RunningServer> {
  const app = await NestFactory.createMicroservice(WorldModule, { strategy, logger: false });
  if (withFilter) app.useGlobalFilters(new WireErrorFilter());
  await app.listen();
  return { port: (strategy.unwrap().address() as AddressInfo).port, close: () => app.close() };
}

export const servers = {
  stock: () => serve(new ServerTCP({ host: HOST, port: 0 }), false),
  ours: (options: FacetServerOptions = {}) => serve(new FacetServer({ host: HOST, ...options }), true),
};

/** A client of either make, by what it answers: values in order, or the error that ended them. */
export interface RunningClient {
  ask(pattern: OutgoingCall['pattern'], data: unknown): Promise<unknown[]>;
  emit(pattern: string, data: unknown): Promise<void>;
  close(): Promise<void> | void;
}

function proxied(client: ClientTCP | FacetClient): RunningClient {
  return {
    ask: (pattern, data) => lastValueFrom(client.send<unknown>(pattern, data).pipe(toArray())),
    emit: async (pattern, data) => {
      await lastValueFrom(client.emit(pattern, data), { defaultValue: undefined });
    },
    close: async () => {
      await client.close();
    },
  };
}

export async function channelTo(port: number, options: Partial<ChannelOptions> = {}): Promise<Channel> {
  const channel = new Channel({ host: HOST, port, ...options });
  await channel.connect();
  return channel;
}

export const clients: Record<string, (port: number) => Promise<RunningClient>> = {
  'stock ClientTCP': async (port) => {
    const client = new ClientTCP({ host: HOST, port });
    await client.connect();
    return proxied(client);
  },
  FacetClient: async (port) => {
    const client = new FacetClient({ port });
    await client.connect();
    return proxied(client);
  },
  Channel: async (port) => {
    const channel = await channelTo(port);
    return {
      ask: async (pattern, data) => {
        const answers: unknown[] = [];
        for await (const answer of channel.stream({ pattern, data })) answers.push(answer);
        return answers;
      },
      emit: (pattern, data) => channel.event({ pattern, data }),
      close: () => channel.destroy(),
    };
  },
};

/** What an error says, whatever carries it: what the service sent, or the code of the transport. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    const { code, payload } = error as { code?: string; payload?: unknown };
    return payload ?? (error instanceof Error ? code : undefined) ?? error;
  }
  throw new Error('It was to fail, and did not');
}
