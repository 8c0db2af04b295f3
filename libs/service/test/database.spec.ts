import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connectService, eventually, startTestDatabase, type TestDatabase } from '@facet/testing';
import { createLogger } from '@facet/platform';
import { sql } from 'drizzle-orm';
import pg from 'pg';
import { databaseFault } from '../src/database/faults.js';
import { openDatabase } from '../src/database/open.js';
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

describe('a database that fails over', () => {
  const opened = async (name: string) => {
    const migrations = new URL('fixture/migrations', import.meta.url);
    const logger = createLogger({ name: 'spec', level: 'silent' });
    return openDatabase({
      meter: { ran: () => undefined, waited: () => undefined },
      url: database.url,
      name: `${database.prefix}${name}`,
      poolSize: 1,
      logger,
      migrations,
    });
  };

  test('is left by a connection that can only read, for one that can write', async () => {
    const { db, check, close } = await opened('standby');
    try {
      const write = () => db.execute(sql`create table if not exists written (at int)`);
      await write();
      await db.execute(sql`set default_transaction_read_only = on`);
      await expect(check()).rejects.toThrow('read-only');
      const refused = await write().then(
        () => undefined,
        (error: unknown) => databaseFault(error),
      );
      expect(refused).toMatchObject({ code: 'database.unavailable', status: 503 });
      await write();
      await check();
      await db.execute(sql`set default_transaction_read_only = on`);
      await expect(db.transaction((tx) => tx.execute(sql`create table other (at int)`))).rejects.toThrow();
      await write();
    } finally {
      await close();
    }
  }, 60_000);

  test('is not believed while it only leads to a standby, and heals by itself', async () => {
    const name = `${database.prefix}promoted`;
    const { db, check, close } = await opened('promoted');
    const admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    try {
      await admin.query(
        `alter database ${admin.escapeIdentifier(name)} set default_transaction_read_only = on`,
      );
      await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
      await eventually(async () => (await failureOf(check)) instanceof Error);
      expect(databaseFault(await failureOf(() => db.execute(sql`select 1`)))).toMatchObject({ status: 503 });
      await admin.query(`alter database ${admin.escapeIdentifier(name)} reset default_transaction_read_only`);
      await db.execute(sql`create table written (at int)`);
      await check();
    } finally {
      await admin.end();
      await close();
    }
  }, 60_000);
});

async function failureOf(work: () => PromiseLike<unknown>): Promise<unknown> {
  try {
    return void (await work());
  } catch (error) {
    return error;
  }
}

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
