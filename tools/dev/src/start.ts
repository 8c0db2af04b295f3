/** `npm start`: the whole workspace in one terminal, and nothing left behind. */
import pc from 'picocolors';
import { portVariable, readApps, type App } from './apps.js';
import { LaunchError } from './launch.js';
import { refuseTakenPorts } from './ports.js';
import { createProgress, type Progress } from './progress.js';
import { Stacker } from './stack.js';
import { publicCalls, summarise } from './summary.js';
import { answered } from './first-calls.js';

/** Ctrl-C comes from the terminal and again from npm: so soon, it is one request and not two. */
const SAME_REQUEST_MS = 500;

/** npm ends at SIGTERM without a word to what it runs: its going is then the request to stop. */
const PARENT_CHECK_MS = 200;

process.exit(await run());

async function run(): Promise<number> {
  const before = performance.now();
  const stopWanted = signalled();
  try {
    const apps = readApps();
    refuseArguments(process.argv.slice(2), apps);
    await refuseTakenPorts(apps, process.env);
    return await runStack(apps, { before, stopWanted });
  } catch (error) {
    return complain(error);
  }
}

/** There are no options; what somebody takes for one is a variable. */
function refuseArguments(given: readonly string[], apps: readonly App[]): void {
  if (given.length === 0) return;
  const ports = apps.map(({ name }) => portVariable(name)).join(', ');
  throw new Error(
    `npm start takes no arguments, not ${given.join(' ')}: set ${ports}, DATABASE_PORT or DATABASE_URL`,
  );
}

interface Run {
  readonly before: number;
  readonly stopWanted: Promise<'stop'>;
}

async function runStack(apps: readonly App[], { before, stopWanted }: Run): Promise<number> {
  const progress = createProgress([
    ...(process.env['DATABASE_URL'] ? [] : ['database']),
    ...apps.map(({ name }) => name),
  ]);
  const stacker = new Stacker({ apps, env: process.env, progress });
  try {
    const stack = await Promise.race([stacker.start(), stopWanted]);
    if (stack === 'stop') {
      progress.finish();
      return 0;
    }
    const first = await Promise.race([answered(publicCalls(stack.started)), stack.broken, stopWanted]);
    progress.finish();
    if (first === 'stop') return 0;
    if (first !== undefined) return complain(first);
    progress.print(summarise(stack.started));
    const seconds = ((performance.now() - before) / 1000).toFixed(1);
    progress.print(`All is up in ${seconds} s. Ctrl-C stops it; logs are in .facet/logs.`);
    const end = await Promise.race([stack.broken, stopWanted]);
    return end === 'stop' ? 0 : complain(end);
  } catch (error) {
    progress.finish();
    return complain(error);
  } finally {
    await stopAll(stacker, progress);
  }
}

async function stopAll(stacker: Stacker, progress: Progress): Promise<void> {
  progress.print(pc.dim('Stopping …'));
  await stacker.stop();
}

function complain(problem: unknown): number {
  const message = problem instanceof Error ? problem.message : String(problem);
  process.stderr.write(`${pc.red('✖')} ${message}\n`);
  if (problem instanceof LaunchError) process.stderr.write(`  Its log: .facet/logs/${problem.app}.log\n`);
  return 1;
}

/** The first signal asks for a stop, or the end of whoever started this; a signal after that does not wait for it. */
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
