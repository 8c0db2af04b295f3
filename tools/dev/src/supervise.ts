import pc from 'picocolors';
import { readApps, type App } from './apps.js';
import { notElsewhere } from './elsewhere.js';
import { answered } from './first-calls.js';
import { LaunchError } from './launch.js';
import { refuseTakenPorts } from './ports.js';
import { Production } from './production/production.js';
import { createProgress, type Progress } from './progress.js';
import { unreached } from './reach.js';
import { needsDatabase, Stack } from './stack.js';
import { publicCalls, summarise } from './summary.js';

/** Ctrl-C comes from the terminal and again from npm: so soon, it is one request and not two. */
const SAME_REQUEST_MS = 500;

/** npm ends at SIGTERM without a word to what it runs: its going is then the request to stop. */
const PARENT_CHECK_MS = 200;

/** What is started of the apps there are. */
export interface Selection {
  readonly chosen: readonly App[];
  /** The one that is being worked on: see {@link Stack}. */
  readonly watched?: App | undefined;
  /** Whether it runs as in production: see {@link Production}. */
  readonly isProduction?: boolean;
}

/** Starts what `select` says, shows how that goes and where it answers, and stops all of it; resolves with the exit code. */
export async function supervise(select: (apps: readonly App[]) => Selection): Promise<number> {
  const before = performance.now();
  const stopWanted = signalled();
  try {
    const apps = readApps();
    const { chosen: all, watched, isProduction = false } = select(apps);
    const production = isProduction ? await prepare(all, stopWanted) : undefined;
    if (production === 'stop') return 0;
    const chosen = production?.apps ?? all;
    const own = watched === undefined ? chosen : await notElsewhere(chosen, watched, process.env);
    await refuseTakenPorts(own, process.env);
    return await run({ apps, chosen, watched, production, before, stopWanted });
  } catch (error) {
    return complain(error);
  }
}

/** Nothing runs yet: a stop ends it as it is. */
function prepare(apps: readonly App[], stopWanted: Promise<'stop'>): Promise<Production | 'stop'> {
  const tell = (line: string) => void process.stdout.write(`${line}\n`);
  return Promise.race([Production.prepare(apps, process.env, tell), stopWanted]);
}

interface Run extends Omit<Selection, 'isProduction'> {
  readonly production: Production | undefined;
  readonly apps: readonly App[];
  readonly before: number;
  readonly stopWanted: Promise<'stop'>;
}

async function run({ apps, chosen, watched, production, before, stopWanted }: Run): Promise<number> {
  const hasDatabase = needsDatabase(chosen) && !process.env['DATABASE_URL'];
  const progress = createProgress([...(hasDatabase ? ['database'] : []), ...chosen.map(({ name }) => name)]);
  const stack = new Stack({ apps, chosen, watched, production, env: process.env, progress });
  try {
    const started = await Promise.race([stack.start(), stopWanted]);
    if (started === 'stop') {
      progress.finish();
      return 0;
    }
    const first = await Promise.race([answered(publicCalls(started)), stack.broken, stopWanted]);
    progress.finish();
    if (first === 'stop') return 0;
    if (first !== undefined && watched === undefined) return complain(first);
    if (first !== undefined) progress.print(first);
    progress.print(summarise(started, production?.calls));
    for (const line of await unreached(started)) progress.print(pc.yellow(line));
    const seconds = ((performance.now() - before) / 1000).toFixed(1);
    progress.print(`All is up in ${seconds} s. Ctrl-C stops it; logs are in .facet/logs.`);
    await Promise.race([stack.broken, stopWanted]);
    return 0;
  } catch (error) {
    progress.finish();
    return complain(error);
  } finally {
    await stopAll(stack, progress);
  }
}

async function stopAll(stack: Stack, progress: Progress): Promise<void> {
  progress.print(pc.dim('Stopping …'));
  await stack.stop();
}

function complain(problem: unknown): number {
  const message = problem instanceof Error ? problem.message : String(problem);
  process.stderr.write(`${pc.red('✖')} ${message}\n`);
  if (problem instanceof LaunchError) process.stderr.write(`  Its log: .facet/logs/${problem.app}.log\n`);
  return 1;
}

/** The first signal asks for a stop, or the end of its parent process; a signal after that does not wait for it. */
function signalled(): Promise<'stop'> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const onSignal = (): void => {
      if (first !== undefined && performance.now() - first > SAME_REQUEST_MS) process.exit(130);
      first ??= performance.now();
      resolve('stop');
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
    const parent = process.ppid;
    const check = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(check);
      resolve('stop');
    }, PARENT_CHECK_MS);
    check.unref();
  });
}
