import { afterEach, describe, expect, test } from '@jest/globals';
import axios from 'axios';
import pg from 'pg';
import { eventually, startProcess, startWorld, type World } from '../src/index.js';

let world: World | undefined;

afterEach(async () => {
  await world?.stop();
  world = undefined;
});

async function databaseNames({ url }: World['database']): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ datname: string }>('select datname from pg_database');
  await client.end();
  return rows.map(({ datname }) => datname);
}

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const readiness = async (url: string): Promise<number> => {
  const { status } = await axios.get(`${url}/health/ready`, { validateStatus: () => true });
  return status;
};

describe('a world', () => {
  test('runs real processes on free ports, with their databases under its own prefix', async () => {
    world = await startWorld({ services: ['catalog'] });
    expect(world.process('catalog').addresses['tcp']).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(await readiness(world.adminUrl('catalog'))).toBe(200);
    expect(await databaseNames(world.database)).toContain(`${world.database.prefix}catalog`);
  });

  test('starts an app again at the address it had, whether it was stopped or killed', async () => {
    world = await startWorld({ services: ['catalog'] });
    const before = world.process('catalog');
    expect(await world.killApp('catalog')).toEqual({ code: null, signal: 'SIGKILL' });
    const second = await world.startApp('catalog');
    expect(second.addresses).toEqual(before.addresses);
    expect(second.pid).not.toBe(before.pid);
    const third = await world.restart('catalog');
    expect(third.addresses).toEqual(before.addresses);
    expect(isRunning(second.pid)).toBe(false);
  });

  test('ends what did start when one does not, and says why in that one’s words', async () => {
    const failing = startWorld({
      services: ['catalog', 'inventory'],
      env: { inventory: { DATABASE_POOL_SIZE: 'many' } },
    });
    await expect(failing).rejects.toThrow(/inventory did not start: .*\n.*DATABASE_POOL_SIZE +is "many"/);
  });

  test('says which apps it has when asked for another', async () => {
    world = await startWorld({ services: ['catalog'] });
    const { url, process } = { url: () => world?.url('catalog'), process: () => world?.process('orders') };
    expect(process).toThrow('"orders" is not in this world; it has catalog');
    expect(url).toThrow('"catalog" reported no http address, only tcp, admin');
  });
});

describe('a process', () => {
  test('that is no app of the workspace is refused', async () => {
    await expect(startProcess({ app: 'warehouse' })).rejects.toThrow(
      /There is no app "warehouse"; there are .*catalog/,
    );
  });

  test('finds no service that the test did not start', async () => {
    const gateway = await startProcess({ app: 'mobile-bff' });
    try {
      const answer = await eventually(() =>
        axios.get(`${gateway.addresses['http']}/v1/home`, { validateStatus: () => true }),
      );
      expect(answer.status).toBeGreaterThanOrEqual(500);
    } finally {
      await gateway.stop();
    }
  });

  test('ends with exit code 0 when it is asked to stop', async () => {
    const gateway = await startProcess({ app: 'mobile-bff' });
    expect(await gateway.stop()).toEqual({ code: 0, signal: null });
    expect(isRunning(gateway.pid)).toBe(false);
  });
});
