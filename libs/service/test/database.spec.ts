import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connectService, eventually, startTestDatabase, type TestDatabase } from '@facet/testing';
import { library, seeded } from './fixture/library.js';
import { startLibrary } from './fixture/start.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await startTestDatabase();
}, 60_000);

afterAll(() => database?.stop(), 60_000);

test('several instances that start at once on an empty server share one database, seeded once', async () => {
  const before = seeded.times;
  const instances = await Promise.all([1, 2, 3, 4].map(() => startLibrary(database)));
  const clients = await Promise.all(instances.map(({ addresses }) => connectService(addresses['tcp'])));
  try {
    for (const client of clients) expect((await client.call(library.books, {})).items).toHaveLength(10);
    expect(seeded.times).toBe(before + 1);
    expect(instances.flatMap(({ log }) => log).filter((line) => line.includes('"seeded"'))).toHaveLength(1);
  } finally {
    clients.forEach((client) => client.close());
    await Promise.all(instances.map((instance) => instance.stop()));
  }
}, 60_000);

test('a seed that fails leaves nothing behind, and is tried again by the next start', async () => {
  const own = { ...database, prefix: `${database.prefix}failing_` };
  const migrations = new URL('fixture/migrations', import.meta.url);
  const run = () => Promise.reject(new Error('out of seeds'));
  const failing = { options: { database: { migrations, seed: { name: 'ten books', run } } } };
  await expect(startLibrary(own, failing)).rejects.toThrow('out of seeds');
  const instance = await startLibrary(own);
  const client = await connectService(instance.addresses['tcp']);
  expect((await client.call(library.books, {})).items).toHaveLength(10);
  client.close();
  await instance.stop();
}, 60_000);

describe('a database that goes away', () => {
  let gate: Gate;

  beforeAll(async () => {
    gate = await openGate(database.url);
  });
  afterAll(() => gate?.shut());

  test('makes the service unready and its answers 503, without an end of the process; it heals by itself', async () => {
    const service = await startLibrary({ ...database, url: gate.url });
    const client = await connectService(service.addresses['tcp']);
    const health = async (what: string) =>
      (await fetch(`${service.addresses['admin']}/health/${what}`)).status;
    try {
      expect(await health('ready')).toBe(200);
      await gate.shut();
      const lost = client.call(library.books, {});
      await expect(lost).rejects.toMatchObject({
        code: 'database.unavailable',
        status: 503,
        retryAfterMs: 1_000,
      });
      const lend = client.call(library.lend, { idempotencyKey: 'away', id: 'b1' });
      await expect(lend).rejects.toMatchObject({ code: 'database.unavailable' });
      expect([await health('ready'), await health('live')]).toEqual([503, 200]);
      await gate.open();
      await eventually(async () => (await health('ready')) === 200);
      expect((await client.call(library.books, {})).items).toHaveLength(10);
      expect(await client.call(library.lend, { idempotencyKey: 'away', id: 'b1' })).toEqual({ lent: 1 });
    } finally {
      client.close();
      await service.stop();
    }
  }, 60_000);

  test('is waited for by a service that starts before it', async () => {
    await gate.shut();
    const starting = startLibrary({ ...database, url: gate.url });
    await gate.open();
    const service = await starting;
    await service.stop();
  }, 60_000);
});

interface Gate {
  readonly url: string;
  /** Ends every connection and takes no new one. */
  shut(): Promise<void>;
  open(): Promise<void>;
}

/** A way to the database server that can be closed. */
async function openGate(databaseUrl: string): Promise<Gate> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const join = (near: Socket) => {
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    near.pipe(far).pipe(near);
  };
  let server = await listen(0, join);
  const { port } = server.address() as AddressInfo;
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return {
    url: url.href,
    shut: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
    open: async () => {
      server = await listen(port, join);
    },
  };
}

function listen(port: number, join: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(join).once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
