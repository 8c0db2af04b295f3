import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { watchOver } from '@facet/database';

/** A program of this machine that runs beside the apps, and ends with this process however that ends. */
export interface Tool {
  readonly pid: number;
  /** Resolves when it has ended, with its last line. */
  readonly exited: Promise<string>;
  stop(): Promise<void>;
}

/** Starts it with its output in a file. */
export function startTool(command: string, args: readonly string[], log: string): Tool {
  mkdirSync(dirname(log), { recursive: true });
  const output = createWriteStream(log);
  // A group of its own: Ctrl-C reaches this process, which lets the gateways behind it finish first.
  const child = spawn(command, [...args], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let last = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => {
      output.write(data);
      last = data.toString().trimEnd().split('\n').at(-1) ?? last;
    });
  }
  const exited = new Promise<string>((resolve) => {
    child.once('error', ({ message }) => resolve(message)).once('close', () => resolve(last));
  });
  const watcher = child.pid === undefined ? undefined : watchOver(child.pid, undefined);
  void exited.then(() => {
    watcher?.release();
    output.end();
  });
  return {
    pid: child.pid ?? 0,
    exited,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
