import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const fixture = fileURLToPath(new URL('../fixtures/service.ts', import.meta.url));
const loader = new URL('../../../../tools/dev/register.mjs', import.meta.url).href;

export type Env = Readonly<Record<string, string>>;

/** One instance of the shop as a real process. */
export interface ServiceProcess {
  readonly address: string;
  readonly pid: number;
  signal(name: NodeJS.Signals): void;
  /** Resolves when the process is gone. */
  readonly exited: Promise<unknown>;
  /** Stops it in order, waits, and starts it again at the same address. */
  restart(): Promise<void>;
  /** Starts it again at the same address after it ended. */
  start(): Promise<void>;
}

const started = new Set<ChildProcess>();

/** Ends whatever this file started; for `afterEach` and `afterAll`. */
export async function endAll(): Promise<void> {
  const children = [...started];
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(children.map(gone));
  started.clear();
}

export async function startService(env: Env = {}): Promise<ServiceProcess> {
  let { child, address } = await launch(env);
  const port = address.split(':')[1] ?? '';
  const start = async () => {
    ({ child, address } = await launch({ ...env, PORT: port }));
  };
  return {
    get address() {
      return address;
    },
    get pid() {
      return child.pid ?? 0;
    },
    get exited() {
      return gone(child);
    },
    signal: (name) => {
      child.kill(name);
    },
    start,
    restart: async () => {
      child.kill('SIGTERM');
      await gone(child);
      await start();
    },
  };
}

export function startServices(count: number, env: Env = {}): Promise<ServiceProcess[]> {
  return Promise.all(
    Array.from({ length: count }, (_, n) => startService({ NAME: `instance-${n}`, ...env })),
  );
}

async function launch(env: Env): Promise<{ child: ChildProcess; address: string }> {
  const child = fork(fixture, {
    execArgv: ['--conditions=@facet/source', '--disable-warning=ExperimentalWarning', '--import', loader],
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  started.add(child);
  const [message] = (await Promise.race([
    once(child, 'message'),
    gone(child).then(() => Promise.reject(new Error('the service ended before it was ready'))),
  ])) as [{ address: string }];
  return { child, address: message.address };
}

async function gone(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
