import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { generateAssertionKey, publicAssertionKeys } from '@facet/auth/assertion';
import { workspaceRoot } from '@facet/dev';
import {
  eventually,
  hasRedis,
  startRedis,
  startTestDatabase,
  type TestDatabase,
  type TestRedis,
} from '@facet/testing';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Redis } from 'ioredis';
import pg from 'pg';
import { hasBalancer, startBalancer, type Balancer } from '../src/balancer.js';
import { Fleet } from './support/fleet.js';
import { startLoad, type Load } from './support/load.js';

jest.setTimeout(240_000);

const isThere = ['web-bff', 'catalog'].every((name) => existsSync(join(workspaceRoot, 'apps', name)));
const missing = !isThere
  ? 'the samples are gone'
  : !hasBalancer
    ? 'no haproxy or openssl'
    : hasRedis
      ? ''
      : 'no redis-server';

/** A database of its own for the service, whose objects belong to a role that nobody signs in as. */
class Database {
  readonly #admin: pg.Client;

  constructor(private readonly server: TestDatabase) {
    this.#admin = new pg.Client({ connectionString: server.url });
  }

  async open(): Promise<void> {
    await this.#admin.connect();
    await this.#run(`create role ${this.role('owner')} nologin`);
    await this.#run(`create database ${this.server.prefix}catalog owner ${this.role('owner')}`);
  }

  /** A role that signs in and works as the owner: gives the service's DATABASE_URL. */
  async addLogin(name: string): Promise<string> {
    const [role, owner] = [this.role(name), this.role('owner')];
    await this.#run(`create role ${role} login password 'secret-of-${name}' in role ${owner}`);
    await this.#run(`alter role ${role} set role = ${owner}`);
    const url = new URL(this.server.url);
    Object.assign(url, { username: role, password: `secret-of-${name}` });
    return url.href;
  }

  /** Refuses where a session of it is left, or where it owns anything. */
  async dropLogin(name: string): Promise<number> {
    const { rows } = await this.#admin.query<{ sessions: number }>(
      'select count(*)::int as sessions from pg_stat_activity where usename = $1',
      [this.role(name)],
    );
    await this.#run(`drop role ${this.role(name)}`);
    return rows[0]?.sessions ?? -1;
  }

  role = (name: string): string => `${this.server.prefix}catalog_${name}`;

  async close(): Promise<void> {
    await this.#run(`drop database if exists ${this.server.prefix}catalog with (force)`);
    for (const name of ['first', 'second', 'owner'])
      await this.#run(`drop role if exists ${this.role(name)}`);
    await this.#admin.end();
  }

  async #run(sql: string): Promise<void> {
    await this.#admin.query(sql);
  }
}

(missing === '' ? describe : describe.skip)(
  `rotation of a secret, under load, loses no request${missing === '' ? '' : ` (skipped: ${missing})`}`,
  () => {
    const first = generateAssertionKey();
    let server: TestDatabase;
    let database: Database;
    let redis: TestRedis;
    let admin: Redis;
    let services: Fleet;
    let gateways: Fleet;
    let balancer: Balancer;
    let load: Load;

    /** Every gateway has a connection to every instance of the service. */
    const reached = () =>
      eventually(async () => {
        const pages = await Promise.all(
          gateways.adminUrls.map(async (url) => (await fetch(`${url}/metrics`)).text()),
        );
        return pages.every((page) => page.split('\n').some(isReadyTwice));
      });

    beforeAll(async () => {
      [server, redis] = await Promise.all([startTestDatabase(), startRedis()]);
      database = new Database(server);
      await database.open();
      admin = new Redis(redis.url);
      await admin.acl('SETUSER', 'gateway', 'on', '>first-password', '~*', '&*', '+@all');
      services = await Fleet.start('catalog', 2, {
        DATABASE_URL: await database.addLogin('first'),
        DATABASE_PREFIX: server.prefix,
        ASSERTION_PUBLIC_KEYS: publicAssertionKeys(first),
      });
      gateways = await Fleet.start('web-bff', 2, {
        CATALOG_ADDRESSES: services.places.join(','),
        ASSERTION_KEY: first,
        REDIS_URL: withPassword(redis.url, 'first-password'),
        TRUSTED_PROXIES: '127.0.0.0/8',
        // Each answer needs a call, and each call an assertion and a query.
        ANSWER_CACHE: 'false',
        DRAIN_DELAY_MS: '800',
        CONSOLE: 'true',
        CONSOLE_TOKEN: 'first-token-of-the-console-0123456789',
      });
      balancer = await startBalancer(
        gateways.places.map((address, index) => ({
          address,
          adminPort: Number(new URL(gateways.adminUrls[index] ?? '').port),
        })),
      );
      load = startLoad(balancer, '/api/categories');
      expect(await load.answered(10)).toEqual([]);
    });

    afterAll(async () => {
      await load?.stop();
      await balancer?.stop();
      await Promise.all([gateways?.stop(), services?.stop()]);
      admin?.disconnect();
      await database?.close();
      await Promise.all([redis?.stop(), server?.stop()]);
    });

    test('of the certificate at the balancer, which goes on with the connections that it has', async () => {
      const [before = ''] = load.serials;
      const serial = await balancer.replaceCertificate();
      expect(serial).not.toBe(before);
      await eventually(() => load.serials.has(serial));
      expect(await load.answered(20)).toEqual([]);
    });

    test('of the key that gateways sign assertions with: services know the new one first, and forget the old one last', async () => {
      const second = generateAssertionKey();
      await services.roll({ ASSERTION_PUBLIC_KEYS: publicAssertionKeys(first, second) }, reached);
      await gateways.roll({ ASSERTION_KEY: second }, balancer.allUp);
      await services.roll({ ASSERTION_PUBLIC_KEYS: publicAssertionKeys(second) }, reached);
      expect(await load.answered(20)).toEqual([]);
    });

    test('of the password of Redis: both are good until no gateway has the old one', async () => {
      await admin.acl('SETUSER', 'gateway', '>second-password');
      const token = 'second-token-of-the-console-0123456789';
      await gateways.roll(
        { REDIS_URL: withPassword(redis.url, 'second-password'), CONSOLE_TOKEN: token },
        balancer.allUp,
      );
      await admin.acl('SETUSER', 'gateway', '<first-password');
      expect(await load.answered(20)).toEqual([]);
      await expect(admin.call('AUTH', 'gateway', 'first-password')).rejects.toThrow('WRONGPASS');
      // Redis writes down each sign-in that it refused: the one above, and none of a gateway.
      expect(await admin.acl('LOG')).toHaveLength(1);
      const sessions = String(await admin.client('LIST')).match(/ user=gateway /g) ?? [];
      expect(sessions.length).toBeGreaterThanOrEqual(2);
      // The console's token has no second one: its readers are few, and told.
      for (const url of gateways.adminUrls) {
        const ask = (bearer: string) =>
          fetch(`${url}/console/api/overview`, { headers: { authorization: `Bearer ${bearer}` } });
        expect((await ask('first-token-of-the-console-0123456789')).status).toBe(401);
        expect((await ask(token)).status).not.toBe(401);
      }
    });

    test('of the role that a service signs in to PostgreSQL with: a second one, and the first one goes', async () => {
      await services.roll({ DATABASE_URL: await database.addLogin('second') }, reached);
      expect(await database.dropLogin('first')).toBe(0);
      expect(await load.answered(20)).toEqual([]);
    });
  },
);

/** The gauge of a gateway that is connected to both instances of the service. */
const isReadyTwice = (line: string): boolean =>
  line.startsWith('facet_upstream_instances{') &&
  line.includes('rpc_service="catalog"') &&
  line.includes('state="ready"') &&
  line.endsWith(' 2');

function withPassword(url: string, password: string): string {
  const own = new URL(url);
  Object.assign(own, { username: 'gateway', password });
  return own.href;
}
