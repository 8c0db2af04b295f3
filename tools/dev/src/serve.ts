/** `nx serve <app>`: one app from source, started again when a file that it is made of changes. */
import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { findDatabase } from '@facet/database';
import { createInterface } from 'node:readline';
import { developmentEnv, findApp, readApps, workspaceRoot } from './apps.js';
import { sourceArguments } from './launch.js';
import { prettyLine } from './log-lines.js';

/** Beside it `nx serve database` starts; the first time it also creates its data. */
const DATABASE_WITHIN_MS = 60_000;

process.exit(await run(process.argv[2]));

async function run(name: string | undefined): Promise<number> {
  try {
    if (name === undefined) throw new Error('Say which app: nx serve web-bff');
    const apps = readApps();
    const app = findApp(name, apps);
    const databaseUrl = app.kind === 'service' ? await databaseReady() : process.env['DATABASE_URL'];
    const env = { ...process.env, ...developmentEnv(app, apps, process.env), DATABASE_URL: databaseUrl };
    return await watch(app.name, env);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

async function databaseReady(): Promise<string> {
  if (process.env['DATABASE_URL']) return process.env['DATABASE_URL'];
  const until = performance.now() + DATABASE_WITHIN_MS;
  for (let url = findDatabase(); performance.now() < until; url = findDatabase()) {
    if (url !== undefined) return url;
    await sleep(50);
  }
  throw new Error('The database did not come up: run nx serve database, or set DATABASE_URL');
}

/** Node itself watches every file that the app has imported, workspace libs included. */
async function watch(app: string, env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(
    process.execPath,
    ['--watch', '--watch-preserve-output', ...sourceArguments(`apps/${app}/src/main.ts`)],
    { cwd: workspaceRoot, env, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  showLines(child);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => child.kill('SIGTERM'));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return code ?? 0;
}

function showLines(child: ChildProcess): void {
  for (const input of [child.stdout, child.stderr]) {
    if (input !== null)
      createInterface({ input }).on('line', (line) => process.stdout.write(`${prettyLine(line)}\n`));
  }
}
