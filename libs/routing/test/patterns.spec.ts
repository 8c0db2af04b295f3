import { query, service, type Caller } from '@facet/contracts';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  Ctx,
  MessagePattern,
  Payload,
  TcpContext,
  Transport,
  type MicroserviceOptions,
} from '@nestjs/microservices';
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

@Controller()
class CallerController {
  @MessagePattern('users.who')
  who(@Payload() payload: object, @Ctx() context: TcpContext) {
    return { payload, metadata: context.getMetadata() ?? {} };
  }
}

@Module({ controllers: [UsersController, CallerController] })
class UsersModule {}

const calling = service('users', {
  who: query({
    summary: 'Whom the service takes the caller for',
    input: z.looseObject({ n: z.int() }),
    output: z.object({ payload: z.unknown(), metadata: z.unknown() }),
  }),
});

const ada: Caller = {
  ...{ subject: 'ada', kind: 'user', client: 'app', credential: 'bearer', customerId: 'c-1' },
  ...{ scopes: ['a', 'b'], roles: [] },
};

describe('a service with patterns of its own', () => {
  let address: string;
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
    address = `127.0.0.1:${port}`;
    upstreams = createUpstreams({
      users: { discovery: staticList(address), channel: { maxFrameBytes: 4_000 }, retry: false },
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

  test('is told who calls in its own way: in fields of the payload and in metadata', async () => {
    const own = createUpstreams({
      users: {
        discovery: staticList(address),
        caller: [
          { field: 'userId', from: 'subject' },
          { field: 'scopes', from: 'scopes' },
          { metadata: 'customer', from: 'customerId' },
          { metadata: 'plan', from: 'plan' },
        ],
      },
    });
    const ask = async (identity?: Caller) =>
      (await own.bind({ identity })(calling.who, { n: 1, userId: 'root', scopes: ['*'] }, soon())).value;
    expect(await ask(ada)).toEqual({
      payload: { n: 1, userId: 'ada', scopes: ['a', 'b'] },
      metadata: { customer: 'c-1' },
    });
    expect(await ask()).toEqual({ payload: { n: 1 }, metadata: {} });
    await own.close();
  });
});

test.each([
  [
    { header: 'x-user', from: 'subject' },
    'tcp',
    'users.caller.header: a service of kind tcp has none; use metadata or field',
  ],
  [
    { field: 'user', from: 'subject' },
    'http',
    'users.caller.field: a service of kind http has none; use header',
  ],
  [
    { header: 'x-user', from: 'email' },
    'http',
    'users.caller.from: got "email", expected one of subject, kind',
  ],
  [{ header: 'x user', from: 'subject' }, 'http', 'users.caller.header: got "x user", expected a name'],
  [
    { header: 'traceparent', from: 'subject' },
    'http',
    'users.caller.header: got "traceparent", expected a name',
  ],
  [{ from: 'subject' }, 'http', 'users.caller: expected one of header, metadata, field beside from'],
])('%j is refused for a service of kind %s', (caller, kind, message) => {
  const options = { kind: kind as 'tcp', caller: caller as never, discovery: staticList('127.0.0.1:1') };
  expect(() => createUpstreams({ users: options })).toThrow(message);
});

test('an operation whose input could say who calls is refused', async () => {
  const options = {
    discovery: staticList('127.0.0.1:1'),
    caller: { field: 'count', from: 'subject' },
  } as const;
  const upstreams = createUpstreams({ users: options });
  expect(() => upstreams.check([users.text])).toThrow('users.text: "count" says who calls (users.caller)');
  await upstreams.close();
});
