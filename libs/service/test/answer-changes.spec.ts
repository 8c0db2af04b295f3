import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { changesOf } from '@facet/contracts';
import { connectService, startTestDatabase, type ServiceClient, type TestDatabase } from '@facet/testing';
import pg from 'pg';
import { library } from './fixture/library.js';
import { startLibrary, type StartedLibrary } from './fixture/start.js';

const changes = changesOf('library');

let database: TestDatabase;
let instances: StartedLibrary[];
let clients: ServiceClient[];
let rows: pg.Pool;

beforeAll(async () => {
  database = await startTestDatabase();
  instances = await Promise.all([startLibrary(database), startLibrary(database)]);
  clients = await Promise.all(instances.map(({ addresses }) => connectService(addresses['tcp'])));
  const url = new URL(database.url);
  url.pathname = `/${database.prefix}library`;
  rows = new pg.Pool({ connectionString: url.href });
  rows.on('error', () => undefined); // an idle one whose end a test asks for
}, 60_000);

afterAll(async () => {
  await rows?.end();
  clients?.forEach((each) => each.close());
  await Promise.all((instances ?? []).map((each) => each.stop()));
  await database?.stop();
}, 60_000);

let asked = 0;
/** Each time another instance, as a balancer would. */
const since = (place?: string) => {
  const client = clients[(asked += 1) % clients.length] as ServiceClient;
  return client.call(changes, place === undefined ? {} : { since: place });
};

/** A reader that goes on from where it was. */
async function reader() {
  let { next } = await since();
  return async () => {
    const told = await since(next);
    next = told.next;
    expect(told.reset).toBe(false);
    return told.tags.sort();
  };
}

describe('what has changed', () => {
  test('is told once, whichever instance is asked, and after it was committed', async () => {
    const read = await reader();
    expect(await read()).toEqual([]);
    await clients[0]?.call(library.lend, { idempotencyKey: 'told-1', id: 'b1' });
    expect(await read()).toEqual(['book:b1']);
    expect(await read()).toEqual([]);
  });

  test('is not told where it was undone', async () => {
    const read = await reader();
    const input = { idempotencyKey: 'undone-1', id: 'b2', then: 'throw-fault' } as const;
    await expect(clients[0]?.call(library.lend, input)).rejects.toThrow('after 1 times');
    expect(await read()).toEqual([]);
  });

  test('is never missed, in whichever order transactions began and ended', async () => {
    const read = await reader();
    const [early, late] = [await rows.connect(), await rows.connect()];
    const tell = (client: pg.PoolClient, tag: string) =>
      client.query('insert into answer_changes (tags) values ($1)', [[tag]]);
    try {
      await early.query('begin');
      await tell(early, 'early');
      await late.query('begin');
      await tell(late, 'late');
      expect(await read()).toEqual([]);
      await late.query('commit');
      expect(await read()).toEqual(['late']);
      expect(await read()).toEqual([]);
      await early.query('commit');
      expect(await read()).toEqual(['early']);
    } finally {
      early.release();
      late.release();
    }
  });

  test('is told completely to one who reads while many write', async () => {
    const read = await reader();
    const tags = Array.from({ length: 60 }, (_, index) => `t${String(index).padStart(2, '0')}`);
    const writing = Promise.all(
      tags.map((tag) =>
        rows.query(
          'with slow as (select pg_sleep(random() / 20)) insert into answer_changes (tags) select $1 from slow',
          [[tag]],
        ),
      ),
    );
    const seen: string[] = [];
    let isOver = false;
    void writing.then(() => (isOver = true));
    while (!isOver) seen.push(...(await read()));
    await writing;
    seen.push(...(await read()));
    expect(seen.sort()).toEqual(tags);
  });
});

test('a service that has nowhere to write it does not start, and says what is missing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  try {
    await cp(new URL('fixture/migrations', import.meta.url), folder, { recursive: true });
    const journal = join(folder, 'meta', '_journal.json');
    const { entries, ...rest } = JSON.parse(await readFile(journal, 'utf8')) as { entries: unknown[] };
    await writeFile(journal, JSON.stringify({ ...rest, entries: entries.slice(0, 1) }));
    const own = { ...database, prefix: `${database.prefix}untold_` };
    const options = { database: { migrations: pathToFileURL(`${folder}/`) } };
    await expect(startLibrary(own, { options })).rejects.toThrow('export answerChanges from schema.ts');
  } finally {
    await rm(folder, { recursive: true });
  }
});

describe('more than is told may have changed', () => {
  test('for one who begins', async () => {
    expect(await since()).toMatchObject({ tags: [], reset: true });
  });

  test.each([
    ['a place of long ago', async () => `${Number((await since()).next.split(' ')[0]) - 61} 5:5:`],
    [
      'a place of another database',
      async () => `${(await since()).next.split(' ')[0]} 9999999999:9999999999:`,
    ],
    ['what is no place', () => Promise.resolve("1'; drop table books; --")],
  ])('for one who comes with %s, who can go on from there', async (_, placeOf) => {
    const { reset, next } = await since(await placeOf());
    expect(reset).toBe(true);
    expect(await since(next)).toMatchObject({ tags: [], reset: false });
  });

  test('where so much has changed that the whole cache is invalidated', async () => {
    const { next } = await since();
    const many = Array.from({ length: 2_001 }, (_, index) => `many-${index}`);
    await rows.query('insert into answer_changes (tags) values ($1)', [many]);
    expect(await since(next)).toMatchObject({ tags: [], reset: true });
  });
});
