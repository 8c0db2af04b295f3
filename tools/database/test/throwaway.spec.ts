import { afterEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { startTestDatabase, type TestDatabase } from '../src/index.js';

const started: TestDatabase[] = [];

async function database(): Promise<TestDatabase> {
  const one = await startTestDatabase();
  started.push(one);
  return one;
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

const databaseUrl = process.env['DATABASE_URL'];

afterEach(async () => {
  if (databaseUrl === undefined) delete process.env['DATABASE_URL'];
  else process.env['DATABASE_URL'] = databaseUrl;
  await Promise.all(started.splice(0).map((one) => one.stop()));
});

describe('a server of its own', () => {
  test('keeps what one test writes from every other', async () => {
    delete process.env['DATABASE_URL'];
    const [one, other] = await Promise.all([database(), database()]);
    await query(one.url, 'create database facet_catalog');
    const names = await query(other.url, "select datname from pg_database where datname like 'facet%'");
    expect(names).toEqual([]);
  });

  test('sorts, folds case and tells the time in the same way on every machine', async () => {
    delete process.env['DATABASE_URL'];
    const { url } = await database();
    const sql = `select upper('éa') as upper, 'Z' < 'a' as code_points, current_setting('timezone') as zone`;
    expect(await query(url, sql)).toEqual([{ upper: 'ÉA', code_points: true, zone: 'UTC' }]);
  });

  test('asks for its password', async () => {
    delete process.env['DATABASE_URL'];
    const { url } = await database();
    const wrong = new URL(url);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'select 1')).rejects.toThrow('password authentication failed');
  });

  test('takes no connections any more once it is stopped', async () => {
    delete process.env['DATABASE_URL'];
    const one = await database();
    await one.stop();
    await expect(query(one.url, 'select 1')).rejects.toThrow('ECONNREFUSED');
  });
});

describe('a server that DATABASE_URL names', () => {
  test('gets databases with a prefix of their own, dropped afterwards even while somebody is connected', async () => {
    delete process.env['DATABASE_URL'];
    const host = await database();
    process.env['DATABASE_URL'] = host.url;
    const borrowed = await startTestDatabase();
    expect(borrowed.url).toBe(host.url);
    await query(host.url, `create database ${borrowed.prefix}catalog`);
    await query(host.url, 'create database facet_catalog');
    const inside = new URL(host.url);
    inside.pathname = `/${borrowed.prefix}catalog`;
    const client = new pg.Client({ connectionString: inside.href });
    client.on('error', () => undefined);
    await client.connect();
    await borrowed.stop();
    const left = await query(host.url, "select datname from pg_database where datname like 'facet%'");
    expect(left).toEqual([{ datname: 'facet_catalog' }]);
  });

  test('that cannot be reached is refused at once, without its password in the message', async () => {
    process.env['DATABASE_URL'] = 'postgres://somebody:s3cret@127.0.0.1:1/postgres';
    const failure = startTestDatabase();
    await expect(failure).rejects.toThrow(/DATABASE_URL names .* what tests need: .*ECONNREFUSED/);
    await expect(failure).rejects.not.toThrow('s3cret');
  });
});
