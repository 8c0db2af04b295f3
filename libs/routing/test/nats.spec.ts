import { command, query, service } from '@facet/contracts';
import { eventually } from '@facet/testing';
import { headers as natsHeaders } from '@nats-io/transport-node';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  ClientProxyFactory,
  Ctx,
  MessagePattern,
  NatsContext,
  NatsRecordBuilder,
  Payload,
  RpcException,
  Transport,
  type MicroserviceOptions,
} from '@nestjs/microservices';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { from } from 'rxjs';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { createUpstreams, type NestOptions, type Upstreams, type UpstreamSettings } from '../src/index.js';
import { hasNats, startNats, type NatsServer } from './support/nats-server.js';

jest.setTimeout(30_000);

const n = z.strictObject({ n: z.int() });
const input = z.strictObject({ n: z.int(), ms: z.int().optional() });
const users = service('users', {
  get: query({ summary: 'By an object', message: { cmd: 'get', v: 1 }, input, output: n }),
  all: query({ summary: 'Several values', message: 'users.many', values: 'all', input, output: z.array(n) }),
  slow: query({ summary: 'Takes its time', input, output: n }),
  fail: query({ summary: 'Fails', input, output: n }),
  large: query({ summary: 'Answers much', input, output: z.strictObject({ text: z.string() }) }),
  add: command({ summary: 'Counts', input, output: n }),
  headers: query({ summary: 'What came along', input, output: z.record(z.string(), z.string()) }),
  missing: query({ summary: 'Nobody listens', input, output: n }),
});

@Controller()
class UsersController {
  static added = 0;

  @MessagePattern({ v: 1, cmd: 'get' })
  get(@Payload() payload: { n: number }) {
    return { n: payload.n };
  }

  @MessagePattern('users.many')
  many(@Payload() payload: { n: number }) {
    return from(Array.from({ length: payload.n }, (_, at) => ({ n: at })));
  }

  @MessagePattern('users.slow')
  async slow(@Payload() payload: { n: number; ms?: number }) {
    await sleep(payload.ms ?? 300);
    return { n: payload.n };
  }

  @MessagePattern('users.fail')
  fail(@Payload() payload: { n: number }) {
    if (payload.n === 0) throw new Error('a defect with password=hunter2');
    throw new RpcException({ statusCode: payload.n, message: ['taken', 'try b'] });
  }

  @MessagePattern('users.large')
  large() {
    return { text: 'x'.repeat(5_000) };
  }

  @MessagePattern('users.add')
  add() {
    return { n: ++UsersController.added };
  }

  @MessagePattern('users.headers')
  headers(@Ctx() context: NatsContext) {
    const sent = context.getHeaders() as { keys(): string[]; get(key: string): string } | undefined;
    return Object.fromEntries((sent?.keys() ?? []).map((key) => [key, sent?.get(key)]));
  }
}

@Module({ controllers: [UsersController] })
class UsersModule {}

(hasNats ? describe : describe.skip)(
  `a service behind NATS${hasNats ? '' : ' (skipped: no nats-server)'}`,
  () => {
    let nats: NatsServer;
    const closers: (() => Promise<unknown>)[] = [];
    let closeApp: () => Promise<void>;

    const startApp = async () => {
      const app = await NestFactory.createMicroservice<MicroserviceOptions>(UsersModule, {
        transport: Transport.NATS,
        options: { servers: nats.url },
        logger: false,
      });
      await app.listen();
      closeApp = () => app.close();
    };
    const open = (settings: UpstreamSettings = {}, options: Partial<NestOptions> = {}): Upstreams => {
      const client = () =>
        ClientProxyFactory.create({
          transport: Transport.NATS,
          options: { servers: nats.url, reconnect: false },
        });
      const upstreams = createUpstreams({
        users: { kind: 'nest', nest: { client, ...options }, ...settings },
      });
      closers.push(() => upstreams.close());
      return upstreams;
    };
    const soon = (ms = 5_000) => ({ signal: new AbortController().signal, deadline: performance.now() + ms });

    beforeAll(async () => {
      nats = await startNats();
      await startApp();
    });
    afterEach(async () => {
      for (const close of closers.splice(0)) await close();
    });
    afterAll(async () => {
      await closeApp();
      await nats.kill();
    });

    test('is asked by its pattern, whichever the order of its keys, and answers by contract', async () => {
      const call = open().bind({});
      expect((await call(users.get, { n: 7 }, soon())).value).toEqual({ n: 7 });
      expect((await call(users.all, { n: 3 }, soon())).value).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
    });

    test('has its failures by the same table as a TCP service', async () => {
      const call = open().bind({});
      await expect(call(users.fail, { n: 409 }, soon())).rejects.toMatchObject({
        status: 409,
        message: 'taken; try b',
      });
      await expect(call(users.fail, { n: 0 }, soon())).rejects.toMatchObject({
        status: 502,
        code: 'upstream.error',
      });
    });

    test('is given up at the deadline, and by a caller who leaves', async () => {
      const upstreams = open();
      const late = upstreams.bind({})(users.slow, { n: 1 }, soon(50));
      await expect(late).rejects.toMatchObject({ code: 'upstream.timeout', status: 504 });
      const controller = new AbortController();
      const left = upstreams.bind({})(users.slow, { n: 1 }, { ...soon(), signal: controller.signal });
      await eventually(() => upstreams.snapshot()[0]?.instances[0]?.pending === 1);
      controller.abort();
      await expect(left).rejects.toMatchObject({ code: 'request.cancelled' });
      expect(upstreams.snapshot()[0]?.instances[0]?.pending).toBe(0);
    });

    test('gets no more calls at once than its bulkhead lets through', async () => {
      const call = open({ bulkhead: { maxRunning: 1, maxQueued: 0 } }).bind({});
      const first = call(users.slow, { n: 1 }, soon());
      await expect(call(users.get, { n: 1 }, soon())).rejects.toMatchObject({ policy: 'bulkhead' });
      expect((await first).value).toEqual({ n: 1 });
    });

    test('that is asked for what nobody listens to is unavailable, and known again as soon as somebody does', async () => {
      const call = open({ retry: false }).bind({});
      await expect(call(users.missing, { n: 1 }, soon())).rejects.toMatchObject({
        code: 'upstream.unavailable',
      });
      expect((await call(users.get, { n: 1 }, soon())).value).toEqual({ n: 1 });
    });

    test('whose operation goes on failing is not asked for it, by its breaker, while the others go on', async () => {
      const call = open({ retry: false, breaker: { minRequests: 3 } }).bind({});
      const codes: unknown[] = [];
      for (let times = 0; times < 4; times++) {
        const error = await call(users.missing, { n: 1 }, soon()).catch((reason: unknown) => reason);
        codes.push((error as { policy?: string }).policy);
      }
      expect(codes.at(-1)).toBe('breaker');
      expect((await call(users.get, { n: 1 }, soon())).value).toEqual({ n: 1 });
    });

    test('fails a call alone whose answer is too large', async () => {
      const call = open({}, { maxAnswerBytes: 1_000 }).bind({});
      const [large, other] = await Promise.allSettled([
        call(users.large, { n: 1 }, soon()),
        call(users.get, { n: 1 }, soon()),
      ]);
      expect(large).toMatchObject({ reason: { code: 'upstream.bad-reply', policy: 'frame-size' } });
      expect(other).toMatchObject({ value: { value: { n: 1 } } });
    });

    test('gets deadline, trace and caller as headers of its broker, where a record is made of them', async () => {
      const record: NestOptions['record'] = (data, fields) => {
        const all = natsHeaders();
        for (const [name, value] of Object.entries(fields)) all.set(name, value);
        return new NatsRecordBuilder(data).setHeaders(all).build();
      };
      const context = {
        caller: 'assertion',
        traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      };
      const { value } = await open({}, { record }).bind(context)(users.headers, { n: 1 }, soon());
      expect(value).toMatchObject({
        'x-facet-caller': 'assertion',
        traceparent: context.traceparent,
        'x-facet-time-left': expect.stringMatching(/^\d+$/) as unknown,
      });
    });

    test('is asked again for a query whose broker went, and for no command', async () => {
      const upstreams = open({ reconnect: { baseMs: 10, maxMs: 50 }, noInstanceGraceMs: 10_000 });
      const call = upstreams.bind({});
      expect((await call(users.get, { n: 1 }, soon())).value).toEqual({ n: 1 });
      const asked = call(users.slow, { n: 2, ms: 400 }, soon(20_000));
      await eventually(() => upstreams.snapshot()[0]?.instances[0]?.pending === 1);
      const added = UsersController.added;
      await nats.kill();
      await closeApp();
      await eventually(() => upstreams.health('users') !== 'up');
      const refused = call(users.add, { n: 1 }, soon(50));
      await expect(refused).rejects.toMatchObject({ code: 'upstream.unavailable' });
      await nats.start();
      await startApp();
      expect((await asked).value).toEqual({ n: 2 });
      expect(UsersController.added).toBe(added);
      expect((await call(users.add, { n: 1 }, soon())).value).toEqual({ n: added + 1 });
    });
  },
);

test('a service behind a broker needs something that makes its client', () => {
  expect(() => createUpstreams({ users: { kind: 'nest' } })).toThrow(
    'users.nest.client: expected a function',
  );
});
