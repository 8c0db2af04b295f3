import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { eventually } from './eventually.js';

const PRIMARY = 'facet';
const SENTINELS = 3;
const PATIENCE = { withinMs: 60_000, everyMs: 50 };

/** A primary with a replica, and three sentinels that make the replica the primary when that one is gone. */
export interface RedisSentinels {
  /** `redis-sentinel://…`, as `REDIS_URL` takes it. */
  readonly url: string;
  /** Where the primary is now, as a sentinel says. */
  primary(): Promise<string>;
  /** Ends the primary at once (SIGKILL). Resolves with the address of the next one, when sentinels name it. */
  failOver(): Promise<string>;
  stop(): Promise<void>;
}

/** Starts all five and resolves when sentinels know each other and the replica. Needs `redis-server`. */
export async function startRedisSentinels({ downAfterMs = 1_000 } = {}): Promise<RedisSentinels> {
  const folder = mkdtempSync(join(tmpdir(), 'facet-sentinels-'));
  const [primary = 0, replica = 0, ...sentinels] = await freePorts(2 + SENTINELS);
  const children = new Map<number, ChildProcess>();
  const start = (port: number, args: readonly string[]) =>
    children.set(port, spawn('redis-server', [...args], { stdio: 'ignore', cwd: folder }));
  const stop = async () => {
    await Promise.all([...children.values()].map(ended));
    rmSync(folder, { recursive: true, force: true });
  };
  const ask = async <T>(port: number, question: (redis: Redis) => Promise<T>): Promise<T> => {
    const redis = new Redis({ port, host: '127.0.0.1', retryStrategy: null, maxRetriesPerRequest: 0 });
    redis.on('error', () => undefined);
    return question(redis).finally(() => redis.disconnect());
  };
  const named = () =>
    ask(sentinels[0] ?? 0, async (redis) => {
      const [, port] = (await redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', PRIMARY)) as [string, string];
      return `127.0.0.1:${port}`;
    });
  try {
    start(primary, serverArguments(primary));
    start(replica, [...serverArguments(replica), '--replicaof', '127.0.0.1', String(primary)]);
    for (const port of sentinels) {
      const file = join(folder, `sentinel-${port}.conf`);
      writeFileSync(file, sentinelSettings(port, primary, downAfterMs));
      start(port, [file, '--sentinel']);
    }
    for (const port of sentinels)
      await eventually(async () => knowsAll(await ask(port, (redis) => redis.info('sentinel'))), PATIENCE);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `redis-sentinel://${sentinels.map((port) => `127.0.0.1:${port}`).join(',')}/${PRIMARY}`,
    primary: named,
    async failOver() {
      const before = await named();
      const child = children.get(Number(before.split(':')[1]));
      if (child !== undefined) await ended(child);
      return eventually(async () => {
        const now = await named();
        return now !== before && now;
      }, PATIENCE);
    },
    stop,
  };
}

/** Whether a sentinel's own page counts its replica and the other two. */
const knowsAll = (info: string): boolean => /status=ok,.*slaves=1,sentinels=3/.test(info);

const serverArguments = (port: number): readonly string[] => [
  ...['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
  ...['--repl-diskless-sync-delay', '0'],
];

const sentinelSettings = (port: number, primary: number, downAfterMs: number): string =>
  [
    `port ${port}`,
    'bind 127.0.0.1',
    `sentinel monitor ${PRIMARY} 127.0.0.1 ${primary} 2`,
    `sentinel down-after-milliseconds ${PRIMARY} ${downAfterMs}`,
    `sentinel failover-timeout ${PRIMARY} 10000`,
    '',
  ].join('\n');

function ended(child: ChildProcess): Promise<unknown> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  return gone;
}

/** Held together until all are known, so that no port comes twice. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
