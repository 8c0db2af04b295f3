import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What a measured process can be asked to do; every command answers with plain data. */
export type Commands = Record<string, (argument: never) => unknown>;

interface Question {
  readonly id: number;
  readonly command: string;
  readonly argument: unknown;
}

interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** Run inside a measured process: answers what its parent asks. */
export function answerParent(commands: Commands): void {
  process.on('message', (question: Question) => void answer(commands, question));
  process.on('disconnect', () => process.exit(0));
  process.send?.({ id: 0, value: 'ready' } satisfies Reply);
}

async function answer(commands: Commands, { id, command, argument }: Question): Promise<void> {
  try {
    const run = commands[command];
    if (run === undefined) throw new Error(`no command ${command}`);
    process.send?.({ id, value: await run(argument as never) } satisfies Reply);
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

/** Built, a process is as large as in production; from source it has the loader of TypeScript beside. */
const isBuilt = import.meta.url.endsWith('.js');
const register = new URL('../../dev/register.mjs', import.meta.url).href;
const fromSource = ['--conditions=@facet/source', '--import', register];

/** See the Dockerfile. */
const PRODUCTION_FLAGS = [
  '--min-semi-space-size=16',
  '--max-semi-space-size=16',
  '--no-allocation-site-pretenuring',
];

/** A process of its own, so that its CPU time is its alone. */
export class Worker {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (e: Error) => void }
  >();
  private nextId = 1;

  private constructor(
    private readonly name: string,
    script: string,
    args: readonly string[],
    output: string | undefined,
  ) {
    const file = isBuilt ? script.replace(/\.ts$/, '.js') : script;
    const stdout = output === undefined ? 'inherit' : openSync(output, 'w');
    this.child = fork(fileURLToPath(new URL(file, import.meta.url)), [...args], {
      execArgv: [...(isBuilt ? [] : fromSource), ...PRODUCTION_FLAGS],
      stdio: ['ignore', stdout, 'inherit', 'ipc'],
      env: { ...process.env, NODE_ENV: 'production' },
    });
    if (typeof stdout === 'number') closeSync(stdout);
    this.child.on('message', (reply: Reply) => this.settle(reply));
    this.child.on('exit', (code) => this.fail(new Error(`${this.name} ended with ${String(code)}`)));
  }

  /**
   * @param script relative to this file
   * @param output the file that gets its standard output
   */
  static async start(
    name: string,
    script: string,
    args: readonly string[] = [],
    output?: string,
  ): Promise<Worker> {
    const worker = new Worker(name, script, args, output);
    await new Promise((resolve, reject) => worker.waiting.set(0, { resolve, reject }));
    return worker;
  }

  ask<T>(command: string, argument: unknown = null): Promise<T> {
    const id = this.nextId++;
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.child.send({ id, command, argument } satisfies Question);
    });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
  }

  private settle({ id, value, error }: Reply): void {
    const waiter = this.waiting.get(id);
    this.waiting.delete(id);
    if (error === undefined) waiter?.resolve(value);
    else waiter?.reject(new Error(`${this.name}: ${error}`));
  }

  private fail(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

/** The processes of one suite, which end with it. */
export class WorkerPool implements AsyncDisposable {
  private readonly workers: Worker[] = [];

  async start(...args: Parameters<typeof Worker.start>): Promise<Worker> {
    const worker = await Worker.start(...args);
    this.workers.push(worker);
    return worker;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop()));
  }
}

/** CPU time of this process since it started, user and system, in microseconds. */
export function cpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
