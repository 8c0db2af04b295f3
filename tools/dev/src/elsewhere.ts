import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { portOf, workspaceRoot, type App } from './apps.js';
import { isFree } from './free-port.js';
import type { AppProcess } from './launch.js';

/** An app that runs, as the one that started it has written it down for other terminals. */
export interface Noted {
  readonly pid: number;
  readonly addresses: Readonly<Record<string, string>>;
}

const folder = join(workspaceRoot, '.facet', 'run');
const fileOf = (app: string): string => join(folder, `${app}.json`);

const LOOK_AGAIN_MS = 300;

/** Writes down that an app runs, until it has ended. */
export function note({ name, pid, addresses, exited }: AppProcess): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileOf(name), JSON.stringify({ pid, addresses }));
  void exited.then(() => {
    if (read(name)?.pid === pid) rmSync(fileOf(name), { force: true });
  });
}

/** The process of an app that another terminal of this workspace has started on its port, where there is one. */
export async function findElsewhere({ name }: App, port: number): Promise<Noted | undefined> {
  const noted = read(name);
  // A process id is soon somebody else's.
  return noted !== undefined && isAlive(noted.pid) && !(await isFree(port)) ? noted : undefined;
}

/**
 * Those of the apps that no other terminal runs.
 *
 * @throws Error where `watched`, which is to run here, runs in another one
 */
export async function notElsewhere(
  apps: readonly App[],
  watched: App,
  env: NodeJS.ProcessEnv,
): Promise<readonly App[]> {
  const found = await Promise.all(apps.map((app) => findElsewhere(app, portOf(app, env))));
  const own = found[apps.indexOf(watched)];
  if (own !== undefined)
    throw new Error(
      `${watched.name} runs in another terminal already (process ${own.pid}): stop it there first`,
    );
  return apps.filter((_, index) => found[index] === undefined);
}

/** Resolves when the process is gone, or the signal fires. */
export async function gone({ pid }: Noted, signal: AbortSignal): Promise<void> {
  while (isAlive(pid) && !signal.aborted)
    await sleep(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
}

function read(app: string): Noted | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(app), 'utf8')) as Noted;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
