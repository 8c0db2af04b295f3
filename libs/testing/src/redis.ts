import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { eventually } from './eventually.js';

/** Whether this machine can start a Redis; the tests that need one say so in their names where it cannot. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

/** A Redis of one's own on a free port. */
export interface TestRedis {
  readonly url: string;
  /** Takes it away at once. */
  stop(): Promise<void>;
  /** Brings it back on the same port, empty. */
  restart(): Promise<void>;
}

/** Starts a Redis that only this test knows; needs a `redis-server` on the machine. */
export async function startRedis(): Promise<TestRedis> {
  const port = await freePort();
  let child = await launch(port);
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    },
    async restart() {
      child = await launch(port);
    },
  };
}

async function launch(port: number): Promise<ChildProcess> {
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn('redis-server', options, { stdio: 'ignore', cwd: '/' });
  const client = new Redis({ port, host: '127.0.0.1', retryStrategy: () => 20 });
  client.on('error', () => undefined);
  await eventually(async () => (await client.ping()) === 'PONG');
  client.disconnect();
  return child;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
