import { spawn, type ChildProcess } from 'node:child_process';
import dns from 'node:dns';
import { createServer, type AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { eventually } from './eventually.js';
import { hasRedis } from './redis.js';

/** Whether this machine can start a primary and a replica under one name: it needs a second loopback address. */
export const hasRedisPair = hasRedis && process.platform === 'linux';

/** A primary and its replica, on two addresses that one name leads to, one after the other. */
export interface RedisPair {
  /** By the name, which leads to the primary at first. */
  readonly url: string;
  /** Straight to the two of them. */
  readonly old: Redis;
  readonly next: Redis;
  /**
   * Makes the replica the primary and lets the name lead to it. The old one answers as a replica from then on, or nothing
   * at all; connections to it stay open.
   */
  failOver(then: 'as a replica' | 'silent'): Promise<void>;
  /** Lets the name lead to the other of the two. */
  moveName(): void;
  stop(): Promise<void>;
}

const NAME = 'redis-pair.facet.test';
const ADDRESSES = ['127.0.0.1', '127.0.0.2'] as const;

/** Starts both. While they run, this process resolves their name itself. */
export async function startRedisPair(): Promise<RedisPair> {
  const port = await freePort();
  const [first, second] = ADDRESSES;
  const children = [launch(first, port), launch(second, port)] as const;
  const clients = ADDRESSES.map((host) => new Redis({ port, host, retryStrategy: () => 20 }));
  const [old, next] = clients as [Redis, Redis];
  for (const client of clients) {
    client.on('error', () => undefined);
    await eventually(async () => (await client.ping().catch(() => '')) === 'PONG');
  }
  await next.replicaof(first, port);
  await eventually(async () => String(await next.info('replication')).includes('master_link_status:up'));
  const name = nameOf(first);
  return {
    url: `redis://${NAME}:${port}`,
    old,
    next,
    async failOver(then) {
      if (then === 'silent') children[0].kill('SIGSTOP');
      await next.replicaof('NO', 'ONE');
      if (then === 'as a replica') await old.replicaof(second, port);
      name.leadTo(second);
    },
    moveName: () => name.leadTo(second),
    async stop() {
      name.forget();
      for (const client of clients) client.disconnect();
      await Promise.all(children.map(ended));
    },
  };
}

/** Connections are made with `dns.lookup`, each anew. */
function nameOf(first: string) {
  const original = dns.lookup;
  let address = first;
  const own = (host: string, options: object, callback: (...found: unknown[]) => void) => {
    if (host !== NAME) return void original(host, options, callback as never);
    const isForAll = 'all' in options && options.all === true;
    process.nextTick(() =>
      isForAll ? callback(null, [{ address, family: 4 }]) : callback(null, address, 4),
    );
  };
  Object.assign(dns, { lookup: own });
  return {
    leadTo: (next: string) => void (address = next),
    forget: () => void Object.assign(dns, { lookup: original }),
  };
}

function launch(address: string, port: number): ChildProcess {
  const options = ['--port', String(port), '--bind', address, '--save', '', '--appendonly', 'no'];
  return spawn('redis-server', [...options, '--repl-diskless-sync-delay', '0'], {
    stdio: 'ignore',
    cwd: '/',
  });
}

function ended(child: ChildProcess): Promise<unknown> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  return gone;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
