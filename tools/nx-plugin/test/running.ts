import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A command that runs until it is stopped. */
export interface Running {
  /** Resolves with all that it wrote when that matches; rejects when it ends before. */
  until(pattern: RegExp): Promise<string>;
  /** Asks it to stop, and resolves with its exit code. */
  stop(): Promise<number | null>;
}

export function start(
  cwd: string,
  [file = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
): Running {
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(file, args, {
    cwd,
    env: { PATH, HOME, TMPDIR, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let isOver = false;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      isOver = true;
      resolve(code);
    });
  });
  return {
    async until(pattern) {
      while (!pattern.test(output)) {
        if (isOver) throw new Error(`it ended without ${pattern}:\n${output}`);
        await sleep(20);
      }
      return output;
    },
    stop() {
      child.kill('SIGINT');
      return exited;
    },
  };
}

/** The variables that put apps and the database on free ports, each with a free one after it. */
export async function freePorts(apps: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const env: Record<string, string> = {};
  let port = 20_000 + Math.floor(Math.random() * 8_000);
  for (const app of ['database', ...apps]) {
    while (!((await isFree(port)) && (await isFree(port + 1)))) port += 2;
    env[`${app.toUpperCase().replaceAll('-', '_')}_PORT`] = String(port);
    port += 2;
  }
  return env;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => {
      const { port: found } = server.address() as AddressInfo;
      server.close(() => resolve(found === port));
    });
  });
}
