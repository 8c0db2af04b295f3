import { afterEach, describe, expect, test } from '@jest/globals';
import axios from 'axios';
import pg from 'pg';
import { readApps } from '@facet/dev';
import { eventually, startProcess, startWorld, type World } from '../src/index.js';

/** Whatever there is: two services with databases, and a gateway. Without them there is nothing that a world could run. */
const apps = readApps();
const [one, other] = apps.filter(({ kind }) => kind === 'service').map(({ name }) => name);
const gateway = apps.find(({ kind, firstCall }) => kind === 'gateway' && firstCall?.token === undefined);
const hasApps = one !== undefined && other !== undefined && gateway?.firstCall !== undefined;
const { name: gatewayName = '', firstCall } = gateway ?? {};
const service = one ?? '';
const second = other ?? '';
const describeWithApps = hasApps ? describe : describe.skip;

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

describeWithApps(`a world${hasApps ? '' : ' (skipped: no two services and a gateway here)'}`, () => {
  test('runs real processes on free ports, with their databases under its own prefix', async () => {
    world = await startWorld({ services: [service] });
    expect(world.process(service).addresses['tcp']).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(await readiness(world.adminUrl(service))).toBe(200);
    expect(await databaseNames(world.database)).toContain(`${world.database.prefix}${service}`);
  });

  test('starts an app again at the address it had, whether it was stopped or killed', async () => {
    world = await startWorld({ services: [service] });
    const before = world.process(service);
    expect(await world.killApp(service)).toEqual({ code: null, signal: 'SIGKILL' });
    const again = await world.startApp(service);
    expect(again.addresses).toEqual(before.addresses);
    expect(again.pid).not.toBe(before.pid);
    const third = await world.restart(service);
    expect(third.addresses).toEqual(before.addresses);
    expect(isRunning(again.pid)).toBe(false);
  });

  test('ends what did start when one does not, and says why in that one’s words', async () => {
    const failing = startWorld({
      services: [service, second],
      env: { [second]: { DATABASE_POOL_SIZE: 'many' } },
    });
    await expect(failing).rejects.toThrow(
      new RegExp(`${second} did not start: .*\\n.*DATABASE_POOL_SIZE +is "many"`),
    );
  });

  test('says which apps it has when asked for another', async () => {
    world = await startWorld({ services: [service] });
    const { url, process } = { url: () => world?.url(service), process: () => world?.process(second) };
    expect(process).toThrow(`"${second}" is not in this world; it has ${service}`);
    expect(url).toThrow(`"${service}" reported no http address, only tcp, admin`);
  });
});

describeWithApps(`a process${hasApps ? '' : ' (skipped: no gateway here)'}`, () => {
  test('that is no app of the workspace is refused', async () => {
    await expect(startProcess({ app: 'warehouse' })).rejects.toThrow(
      new RegExp(`There is no app "warehouse"; there are .*${service}`),
    );
  });

  test('finds no service that the test did not start', async () => {
    const started = await startProcess({ app: gatewayName });
    try {
      const answer = await eventually(() =>
        axios.get(`${started.addresses['http']}${firstCall?.path}`, { validateStatus: () => true }),
      );
      expect(answer.status).toBeGreaterThanOrEqual(500);
    } finally {
      await started.stop();
    }
  });

  test('ends with exit code 0 when it is asked to stop', async () => {
    const started = await startProcess({ app: gatewayName });
    expect(await started.stop()).toEqual({ code: 0, signal: null });
    expect(isRunning(started.pid)).toBe(false);
  });
});
