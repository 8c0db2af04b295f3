import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { workspaceRoot } from './apps.js';

/** How a process ended: an exit code, or the signal that ended it. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** An app that runs as a process of its own and has said that it is ready. */
export interface AppProcess {
  readonly name: string;
  readonly pid: number;
  /** As it reported them, by kind: `{ http: 'http://127.0.0.1:3000', tcp: '127.0.0.1:4020', admin: … }`. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly exited: Promise<Exit>;
  /** The last lines it wrote, both streams together. */
  output(): string;
  /** Asks it to stop (SIGTERM), waits, and ends it where it does not; safe to call again. */
  stop(): Promise<Exit>;
  kill(signal: NodeJS.Signals): void;
}

export interface LaunchOptions {
  /** The whole environment of the process; nothing is added to it. */
  readonly env: NodeJS.ProcessEnv;
  /** What is run, in the workspace. Default `apps/<name>/src/main.ts`. */
  readonly file?: string;
  readonly onLine?: (line: string) => void;
  /** Gives up a start that takes longer, in milliseconds. Default 180,000: a start takes two seconds, on a starved machine a minute. */
  readonly readyWithinMs?: number;
  /** What is run: its source, or what the build made of it. Default `source`. */
  readonly from?: 'source' | 'build';
  /** Gives up on the start when it fires: the process is ended. */
  readonly signal?: AbortSignal;
}

/** It did not get ready; the message is one line, made of what the process itself said. */
export class LaunchError extends Error {
  constructor(
    readonly app: string,
    reason: string,
    readonly output: string,
  ) {
    super(`${app} did not start: ${reason}`);
  }
}

const KEPT_LINES = 200;
/** A little longer than a process gives itself, so that its own last word is heard. */
const STOP_WITHIN_MS = 35_000;

/** Node's arguments that run an app, or any other file of the workspace, straight from its source. */
export const sourceArguments = (file: string): string[] => [
  '--enable-source-maps',
  '--import',
  // As a URL: in a path `#`, `?` and `%` would not stand for themselves.
  new URL('../register.mjs', import.meta.url).href,
  join(workspaceRoot, file),
];

/** As an image does. */
const builtArguments = (name: string): string[] => [
  '--enable-source-maps',
  join(workspaceRoot, 'apps', name, 'dist', 'main.js'),
];

/**
 * Starts an app and waits until it says that it is ready. It stops by itself when this process is
 * gone, however that ended.
 *
 * @throws LaunchError where it ends or fails before it is ready
 */
export async function launchApp(name: string, options: LaunchOptions): Promise<AppProcess> {
  const { from = 'source', file = `apps/${name}/src/main.ts` } = options;
  const child = spawn(process.execPath, from === 'build' ? builtArguments(name) : sourceArguments(file), {
    cwd: workspaceRoot,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const lines = keepLines(child, options.onLine);
  const exited = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const launched = { name, child, lines, exited };
  running.add(child);
  void exited.then(() => running.delete(child));
  try {
    const addresses = await readiness(launched, options);
    return processOf(launched, addresses);
  } catch (error) {
    child.kill('SIGKILL');
    await exited;
    throw error;
  }
}

interface Launched {
  readonly name: string;
  readonly child: ChildProcess;
  readonly lines: readonly string[];
  readonly exited: Promise<Exit>;
}

/** What a process says over its IPC channel; libs/platform's `runProcess` is the other end. */
type Said =
  | { readonly type: 'ready'; readonly addresses: Readonly<Record<string, string>> }
  | { readonly type: 'failed'; readonly message: string };

function readiness(launched: Launched, options: LaunchOptions): Promise<Readonly<Record<string, string>>> {
  const { name, child, lines, exited } = launched;
  const { readyWithinMs = 180_000, signal } = options;
  return new Promise((resolve, reject) => {
    const refuse = (reason: string): void => {
      clearTimeout(limit);
      reject(new LaunchError(name, reason, lines.join('\n')));
    };
    const limit = setTimeout(
      () => refuse(`it was not ready within ${readyWithinMs / 1000} s`),
      readyWithinMs,
    );
    signal?.addEventListener('abort', () => refuse('the start was called off'), { once: true });
    child.once('error', (error) => refuse(error.message));
    child.on('message', (said: Said) => {
      if (said.type === 'failed') return refuse(said.message);
      clearTimeout(limit);
      resolve(said.addresses);
    });
    void exited.then((exit) => refuse(`it ended with ${describeExit(exit)}${lastWords(lines)}`));
  });
}

function processOf({ name, child, lines, exited }: Launched, addresses: AppProcess['addresses']): AppProcess {
  const stop = async (): Promise<Exit> => {
    child.kill('SIGTERM');
    const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    const exit = await exited;
    clearTimeout(impatience);
    return exit;
  };
  const kill = (signal: NodeJS.Signals): void => void child.kill(signal);
  return { name, pid: child.pid ?? 0, addresses, exited, output: () => lines.join('\n'), stop, kill };
}

export const describeExit = ({ code, signal }: Exit): string =>
  signal === null ? `exit code ${code}` : `signal ${signal}`;

function lastWords(lines: readonly string[]): string {
  const last = lines.findLast((line) => /Error\b/.test(line)) ?? lines.findLast((line) => line.trim() !== '');
  return last === undefined ? '' : `: ${last}`;
}

function keepLines(child: ChildProcess, onLine?: (line: string) => void): readonly string[] {
  const kept: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    if (input === null) continue;
    createInterface({ input }).on('line', (line) => {
      if (kept.push(line) > KEPT_LINES) kept.shift();
      onLine?.(line);
    });
  }
  return kept;
}

const running = new Set<ChildProcess>();

/** The IPC channel ends a process that listens to it; this also ends one that does not, unless we are killed. */
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
