import { query, service } from '@facet/contracts';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Payload, Transport, type MicroserviceOptions } from '@nestjs/microservices';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { concatMap, delay, from, of, throwError } from 'rxjs';
import { z } from 'zod';
import { createUpstreams, staticList, type Upstreams } from '../src/index.js';

const input = z.strictObject({ count: z.int() });
const numbers = { summary: 'Numbers', input };
const one = z.strictObject({ n: z.int() });

const users = service('users', {
  object: query({ ...numbers, message: { v: 1, cmd: 'count', deep: { b: 'x', a: 2 } }, output: one }),
  text: query({ ...numbers, message: 'count users', output: one }),
  first: query({ ...numbers, message: { cmd: 'many' }, output: one }),
});
const streams = service('users', {
  last: query({ ...numbers, message: { cmd: 'many' }, values: 'last', output: one }),
});
const lists = service('users', {
  all: query({ ...numbers, message: { cmd: 'many' }, values: 'all', output: z.array(one) }),
});

@Controller()
class UsersController {
  @MessagePattern({ deep: { a: 2, b: 'x' }, cmd: 'count', v: 1 })
  object(@Payload() { count }: { count: number }) {
    return { n: count };
  }

  @MessagePattern('count users')
  text(@Payload() { count }: { count: number }) {
    return { n: count };
  }

  /** `count` values one after the other; a negative count fails after as many. */
  @MessagePattern({ cmd: 'many' })
  many(@Payload() { count }: { count: number }) {
    const values = Array.from({ length: Math.abs(count) }, (_, n) => ({ n: n + 1, pad: 'ä'.repeat(20) }));
    const slowly = from(values).pipe(concatMap((value) => of(value).pipe(delay(1))));
    return count < 0
      ? from([slowly, throwError(() => new Error('no more'))]).pipe(concatMap((it) => it))
      : slowly;
  }
}

@Module({ controllers: [UsersController] })
class UsersModule {}

describe('a service with patterns of its own', () => {
  let close: () => Promise<void>;
  let upstreams: Upstreams;
  const call: Upstreams['bind'] = (context) => upstreams.bind(context);
  const soon = () => ({ signal: new AbortController().signal, deadline: performance.now() + 5_000 });

  beforeAll(async () => {
    const app = await NestFactory.createMicroservice<MicroserviceOptions>(UsersModule, {
      transport: Transport.TCP,
      options: { host: '127.0.0.1', port: 0 },
      logger: false,
    });
    await app.listen();
    const { port } = app.unwrap<{ address(): { port: number } }>().address();
    upstreams = createUpstreams({
      users: { discovery: staticList(`127.0.0.1:${port}`), channel: { maxFrameBytes: 4_000 }, retry: false },
    });
    close = async () => {
      await upstreams.close();
      await app.close();
    };
  });
  afterAll(() => close());

  test('is asked by an object, whichever the order of its keys', async () => {
    expect(await call({})(users.object, { count: 3 }, soon())).toMatchObject({ value: { n: 3 } });
  });

  test('is asked by a text that is no name of an operation', async () => {
    expect(await call({})(users.text, { count: 4 }, soon())).toMatchObject({ value: { n: 4 } });
  });

  test('answers with the first of several values where the contract says nothing', async () => {
    expect(await call({})(users.first, { count: 3 }, soon())).toMatchObject({ value: { n: 1 } });
  });

  test('answers with the last of several values where the contract says so', async () => {
    expect(await call({})(streams.last, { count: 3 }, soon())).toMatchObject({ value: { n: 3 } });
    expect(await call({})(streams.last, { count: 1 }, soon())).toMatchObject({ value: { n: 1 } });
  });

  test('answers with all values where the contract says so, be there many, one or none', async () => {
    const ask = async (count: number) => (await call({})(lists.all, { count }, soon())).value;
    expect(await ask(3)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(await ask(1)).toEqual([{ n: 1 }]);
    expect(await ask(0)).toEqual([]);
  });

  test('fails a call whose values break off, and one whose values are too many together, alone', async () => {
    const brokenOff = call({})(lists.all, { count: -2 }, soon());
    const tooMany = call({})(lists.all, { count: 200 }, soon());
    const fine = call({})(lists.all, { count: 20 }, soon());
    await expect(brokenOff).rejects.toMatchObject({ code: 'upstream.error' });
    await expect(tooMany).rejects.toMatchObject({ code: 'upstream.bad-reply', policy: 'frame-size' });
    expect((await fine).value).toHaveLength(20);
    expect(upstreams.snapshot()[0]?.instances[0]).toMatchObject({ state: 'ready', pending: 0 });
  });
});
