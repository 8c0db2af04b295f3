import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Caller } from '@facet/contracts';
import type { Fault } from '@facet/platform';
import { connectService, startTestDatabase, type ServiceClient, type TestDatabase } from '@facet/testing';
import { library } from './fixture/library.js';
import { startLibrary, type StartedLibrary } from './fixture/start.js';

let database: TestDatabase;
let instances: StartedLibrary[];
let clients: ServiceClient[];
let client: ServiceClient;

beforeAll(async () => {
  database = await startTestDatabase();
  instances = await Promise.all([startLibrary(database), startLibrary(database)]);
  clients = await Promise.all(instances.map(({ addresses }) => connectService(addresses['tcp'])));
  client = clients[0] as ServiceClient;
}, 60_000);

afterAll(async () => {
  clients?.forEach((each) => each.close());
  await Promise.all((instances ?? []).map((each) => each.stop()));
  await database?.stop();
}, 60_000);

const lentOf = async (id: string) => (await client.call(library.book, { id })).lent;
const faultOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => error as Fault,
  );

test('a command with the same key is done once, and answered the same each time, by whichever instance', async () => {
  const input = { idempotencyKey: 'once', id: 'b1' };
  for (const each of [...clients, ...clients])
    expect(await each.call(library.lend, input)).toEqual({ lent: 1 });
  expect(await lentOf('b1')).toBe(1);
});

test('of many with the same key at once the others wait for the first', async () => {
  const input = { idempotencyKey: 'at once', id: 'b2' };
  const calls = Array.from({ length: 24 }, (_, index) =>
    (clients[index % 2] as ServiceClient).call(library.lend, input),
  );
  expect(new Set((await Promise.all(calls)).map(({ lent }) => lent))).toEqual(new Set([1]));
  expect(await lentOf('b2')).toBe(1);
});

test('the same key with another input is refused, and nothing is done', async () => {
  await client.call(library.lend, { idempotencyKey: 'reused', id: 'b3' });
  expect(await faultOf(client.call(library.lend, { idempotencyKey: 'reused', id: 'b4' }))).toMatchObject({
    code: 'idempotency.key-reused',
    status: 422,
    fields: [{ field: 'idempotencyKey' }],
  });
  expect(await lentOf('b4')).toBe(0);
});

test('a fault that is thrown undoes the work and is the answer from then on', async () => {
  const input = { idempotencyKey: 'thrown', id: 'b5', then: 'throw-fault' } as const;
  const first = await faultOf(client.call(library.lend, input));
  expect(first).toMatchObject({ code: 'library.refused', status: 409, message: 'after 1 times' });
  expect(await lentOf('b5')).toBe(0);
  await client.call(library.lend, { idempotencyKey: 'in between', id: 'b5' });
  expect(await faultOf(client.call(library.lend, input))).toEqual(first);
});

test('a fault that is returned keeps the work and is the answer from then on', async () => {
  const input = { idempotencyKey: 'returned', id: 'b6', then: 'return-fault' } as const;
  const first = await faultOf(client.call(library.lend, input));
  expect(first).toMatchObject({ code: 'library.refused', message: 'after 1 times' });
  expect(await faultOf(client.call(library.lend, input))).toEqual(first);
  expect(await lentOf('b6')).toBe(1);
});

test.each(['crash', 'unavailable'] as const)(
  'what failed on our side (%s) is no answer: it is undone, and done anew',
  async (then) => {
    const id = then === 'crash' ? 'b7' : 'b8';
    const input = { idempotencyKey: `failed-${then}`, id, then };
    for (let attempt = 0; attempt < 2; attempt += 1) {
      expect(await faultOf(client.call(library.lend, input))).toMatchObject({
        status: then === 'crash' ? 500 : 503,
      });
      expect(await lentOf(id)).toBe(0);
    }
  },
);

test("D2 a key is its caller's own: the same from another subject, client, credential or customer does other work", async () => {
  const callerOf = (subject: string, client: string, credential = 'session', customerId?: string) =>
    ({
      ...{ subject, client, kind: 'user', scopes: [], roles: [], credential },
      ...(customerId === undefined ? {} : { customerId }),
    }) as Caller;
  const verify = (said = ' ') => callerOf(...(said.split(' ') as [string, string, string?, string?]));
  const guarded = await startLibrary(database, { options: { verifyCaller: () => verify } });
  const shared = await connectService(guarded.addresses['tcp']);
  const lend = (caller: string, id = 'b8') =>
    shared.call(library.lend, { idempotencyKey: 'shared key', id }, { caller });
  try {
    const before = await lentOf('b8');
    for (const [caller, lent] of [
      ['ada web', 1],
      ['bob web', 2],
      ['ada app', 3],
      ['ada web bearer', 4],
      ['ada web session cus_0010', 5],
      ['ada web session cus_0020', 6],
      ['ada web', 1],
      ['bob web', 2],
    ] as const)
      expect(await lend(caller)).toEqual({ lent: before + lent });
    expect(await faultOf(lend('bob web', 'b9'))).toMatchObject({ code: 'idempotency.key-reused' });
    expect(await lend('eve web', 'b9')).toEqual({ lent: 1 });
  } finally {
    shared.close();
    await guarded.stop();
  }
});
