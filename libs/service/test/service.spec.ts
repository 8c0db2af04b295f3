import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Module } from '@nestjs/common';
import { ClientProxyFactory, Transport } from '@nestjs/microservices';
import type { Caller } from '@facet/contracts';
import { Fault } from '@facet/platform';
import {
  connectService,
  eventually,
  startTestDatabase,
  type ServiceClient,
  type TestDatabase,
} from '@facet/testing';
import { firstValueFrom } from 'rxjs';
import { abandoned, library } from './fixture/library.js';
import { startLibrary, type StartedLibrary } from './fixture/start.js';

let database: TestDatabase;
let service: StartedLibrary;
let client: ServiceClient;

beforeAll(async () => {
  database = await startTestDatabase();
  service = await startLibrary(database);
  client = await connectService(service.addresses['tcp']);
}, 60_000);

afterAll(async () => {
  client?.close();
  await service?.stop();
  await database?.stop();
}, 60_000);

const faultOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => error as Fault,
  );

describe('input', () => {
  test('that does not fit is refused, naming each field by its path', async () => {
    const fault = await faultOf(
      client.callRaw('library.book', { id: 7, shelf: { row: 1.5, colour: 'red' }, x: 1 }),
    );
    expect(fault).toMatchObject({ code: 'input.invalid', status: 400 });
    expect(fault?.fields?.map(({ field }) => field).sort()).toEqual(['id', 'shelf.colour', 'shelf.row', 'x']);
  });

  test.each([null, undefined, 'text', [], 5])('that is %p is refused, and never a defect', async (data) => {
    expect(await faultOf(client.callRaw('library.book', data))).toMatchObject({
      code: 'input.invalid',
      status: 400,
    });
  });

  test.each([
    ['a null byte in it', '22021', () => client.call(library.book, { id: 'b\u0000' })],
    ['text that is no number', '22P02', () => client.call(library.broken, { how: 'cast' })],
    ['a null byte in JSON', '22P05', () => client.call(library.broken, { how: 'json' })],
  ])('that the contract lets through and the database cannot read is refused: %s', async (_, state, call) => {
    const fault = await faultOf(call());
    expect(fault?.toWire()).toEqual({
      ...{ code: 'input.invalid', status: 400 },
      message: 'the input holds text that cannot be stored or read',
    });
    const line = await eventually(() => service.log.find((each) => each.includes(state)));
    expect(line).not.toContain('secret');
  });

  test('may be left out where the operation needs none', async () => {
    expect(await client.callRaw('library.books', undefined)).toMatchObject({ items: { length: 10 } });
  });
});

describe('an answer', () => {
  test('reaches a stock Nest client, and so does a fault with its code', async () => {
    const [host = '', port] = (service.addresses['tcp'] ?? '').split(':');
    const stock = ClientProxyFactory.create({
      transport: Transport.TCP,
      options: { host, port: Number(port) },
    });
    try {
      const book: unknown = await firstValueFrom(stock.send('library.book', { id: 'b1' }));
      expect(book).toEqual({ id: 'b1', title: 'Book 1', lent: 0 });
      await expect(firstValueFrom(stock.send('library.book', { id: 'b77' }))).rejects.toMatchObject({
        code: 'library.no-such-book',
        status: 404,
      });
    } finally {
      await stock.close();
    }
  });

  test('is cut down to the fields asked for', async () => {
    const { items } = await client.call(library.books, {}, { fields: ['items.title'] });
    expect(items[0]).toEqual({ title: 'Book 0' });
    expect(items).toHaveLength(10);
  });

  test('is cut down to the first items asked for, beside the fields', async () => {
    const first = { list: 'items', count: 2 };
    const { items } = await client.call(library.books, {}, { fields: ['items.title'], first });
    expect(items).toEqual([{ title: 'Book 0' }, { title: 'Book 1' }]);
    expect((await client.call(library.books, {}, { first })).items).toHaveLength(2);
  });

  test.each([
    ['answer', 'lent: '],
    ['error', 'a defect'],
    ['sql', '42703'],
    ['duplicate', '23505'],
  ] as const)(
    'that fails (%s) says nothing of why to the caller, and says it in the log',
    async (how, logged) => {
      const fault = await faultOf(client.call(library.broken, { how }));
      expect(fault?.toWire()).toEqual({ code: 'internal', status: 500, message: 'the service failed' });
      const line = await eventually(() => service.log.find((each) => each.includes(logged)));
      expect(line).not.toMatch(/secret title|kept secret|a-secret-id/);
    },
  );
});

describe('a caller', () => {
  test('who gives up has the work stopped', async () => {
    const controller = new AbortController();
    const call = faultOf(
      client.call(library.slow, { ms: 60_001 }, { timeoutMs: 60_000, signal: controller.signal }),
    );
    await client.call(library.books, {});
    controller.abort();
    await call;
    await eventually(() => abandoned.includes(60_001));
  });

  test('whose time is up has the work stopped as well', async () => {
    await faultOf(client.call(library.slow, { ms: 60_002 }, { timeoutMs: 50 }));
    await eventually(() => abandoned.includes(60_002));
  });

  test('is nobody where the service proves none, and the trace goes along', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    expect(await client.call(library.whoAmI, {}, { traceparent })).toEqual({
      subject: 'nobody',
      traceparent,
    });
  });

  test('is proven before anything else where the service is started to do so', async () => {
    const ada: Caller = {
      subject: 'ada',
      kind: 'user',
      client: 'shop',
      scopes: [],
      roles: [],
      credential: 'session',
    };
    const verify = (assertion: string | undefined): Caller => {
      if (assertion === 'signed by ada') return ada;
      throw new Fault('caller.unproven', 401, 'who are you?');
    };
    const guarded = await startLibrary(database, { options: { verifyCaller: () => verify } });
    const guest = await connectService(guarded.addresses['tcp']);
    try {
      expect(await guest.call(library.whoAmI, {}, { caller: 'signed by ada' })).toMatchObject({
        subject: 'ada',
      });
      for (const caller of [undefined, 'signed by eve']) {
        const said = caller === undefined ? {} : { caller };
        const refused = await faultOf(guest.callRaw('library.book', { id: 7 }, said));
        expect(refused).toMatchObject({ code: 'caller.unproven', status: 401 });
      }
    } finally {
      guest.close();
      await guarded.stop();
    }
  });
});

describe('the life of a service', () => {
  test('does not begin where an operation of its contract has no handler, and names it', async () => {
    @Module({})
    class Empty {}
    const start = startLibrary(database, { options: { module: Empty } });
    await expect(start).rejects.toThrow(/does not implement library\.book, library\.books, .*@Implements/);
  });

  test('does not begin with a setting that does not fit, and names the variable without its value', async () => {
    const env = { DATABASE_URL: 'mysql://root:geheim@somewhere/x', SWEEP_INTERVAL_MS: 'soon' };
    const failure = await faultOf(startLibrary(database, { env }));
    expect(failure?.message).toMatch(
      /DATABASE_URL +is \(withheld\); expected the address of a PostgreSQL server/,
    );
    expect(failure?.message).toMatch(/SWEEP_INTERVAL_MS +is "soon"/);
    expect(failure?.message).not.toContain('geheim');
  });

  test('does not begin where the database refuses, and says so without the password', async () => {
    const url = new URL(database.url);
    url.username = 'nobody_of_this_name';
    url.password = 'geheim';
    const failure = await faultOf(startLibrary({ ...database, url: url.href }));
    expect(failure?.name).toBe('StartError');
    expect(failure?.message).toContain(`${url.hostname}:${url.port} (DATABASE_URL)`);
    expect(failure?.message).not.toContain('geheim');
  });

  test('does not begin on a port that is taken, and leaves nothing open', async () => {
    const taken = (service.addresses['tcp'] ?? '').split(':')[1] ?? '';
    await expect(startLibrary(database, { env: { PORT: taken } })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });

  test('ends when what it has is finished, and not before', async () => {
    const other = await startLibrary(database);
    const guest = await connectService(other.addresses['tcp']);
    const answers = Array.from({ length: 5 }, () => guest.call(library.slow, { ms: 300 }));
    await guest.call(library.books, {});
    const stopped = other.stop();
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 5 }, () => ({ done: true })));
    await stopped;
    await expect(connectService(other.addresses['tcp'])).rejects.toMatchObject({
      code: 'transport.connect-failed',
    });
    guest.close();
  });
});
