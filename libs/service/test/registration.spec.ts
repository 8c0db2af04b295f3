import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openRegistry, type Registry } from '@facet/platform/registry';
import { eventually, startTestDatabase, type TestDatabase } from '@facet/testing';
import { startLibrary } from './fixture/start.js';

const givenUrl = process.env['REDIS_URL'] ?? '';
const hasRedis = givenUrl !== '' || spawnSync('redis-server', ['--version']).status === 0;

(hasRedis ? describe : describe.skip)(
  `a service with a registry${hasRedis ? '' : ' (skipped: no redis-server)'}`,
  () => {
    let database: TestDatabase;
    let redis: { url: string; process?: ChildProcess };
    let registry: Registry;

    beforeAll(async () => {
      database = await startTestDatabase();
      redis = givenUrl === '' ? await startRedis() : { url: givenUrl };
      registry = openRegistry({ url: redis.url });
    }, 60_000);

    afterAll(async () => {
      registry?.close();
      redis?.process?.kill();
      await database?.stop();
    }, 60_000);

    const listed = () => eventually(() => registry.list('library'));

    test('is on the list while it runs, at the address that gateways are to use', async () => {
      const env = { REGISTRY_URL: redis.url };
      const here = await startLibrary(database, { env });
      const there = await startLibrary(database, {
        env: { ...env, ADVERTISED_ADDRESS: 'library.internal:4070' },
      });
      await eventually(async () => (await listed()).length === 2);
      expect((await listed()).sort()).toEqual([here.addresses['tcp'], 'library.internal:4070'].sort());
      await here.stop();
      expect(await listed()).toEqual(['library.internal:4070']);
      await there.stop();
      expect(await listed()).toEqual([]);
    }, 60_000);
  },
);

async function startRedis() {
  const port = await freePort();
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  return { url: `redis://127.0.0.1:${port}`, process: spawn('redis-server', options, { stdio: 'ignore' }) };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
