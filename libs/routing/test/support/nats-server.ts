import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';

const binary = ['/usr/sbin/nats-server', '/usr/bin/nats-server'].find((each) => existsSync(each));

/** Whether this machine has a NATS server to try with; specs that need one say when they are skipped. */
export const hasNats = binary !== undefined;

export interface NatsServer {
  readonly url: string;
  /** Ends it, as if its machine were gone. */
  kill(): Promise<void>;
  /** Starts it again at the same address. */
  start(): Promise<void>;
}

export async function startNats(): Promise<NatsServer> {
  const port = await freePort();
  let child: ChildProcess | undefined;
  const start = async () => {
    const started = spawn(binary as string, ['--addr', '127.0.0.1', '--port', `${port}`], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child = started;
    let output = '';
    for await (const chunk of started.stderr) {
      output += String(chunk);
      if (output.includes('Server is ready')) break;
    }
    if (!output.includes('Server is ready')) throw new Error(`nats-server ended: ${output}`);
  };
  await start();
  return {
    url: `nats://127.0.0.1:${port}`,
    start,
    kill: async () => {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
