#!/usr/bin/env node
/** `npm create facet@latest shop`. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { relative } from 'node:path';
import { create } from './create.js';
import { readArguments, Refusal, usage } from './options.js';
import { complete, terminal } from './questions.js';

try {
  process.exitCode = await run();
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function run(): Promise<number> {
  const asked = readArguments(process.argv.slice(2));
  if (asked === undefined) return say(usage);
  const { ask, close } = terminal();
  const options = await complete(asked, ask);
  close();
  const target = create(options);
  const folder = relative(process.cwd(), target);
  if (asked.install) install(target);
  const first =
    options.samples || !options.gateways.includes('web') ? '' : '\n  curl http://localhost:3000/api/home';
  return say(`${folder} is there. Next:

  cd ${folder}${asked.install ? '' : '\n  npm install'}
  npm start${first}`);
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

/** @throws Refusal with the first line of what npm says; the workspace is taken away again */
function install(cwd: string): void {
  process.stdout.write('Installing…\n');
  const { status, stderr } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  rmSync(cwd, { recursive: true, force: true });
  const lines = stderr.split('\n').map((line) => line.replace(/^npm (?:error|ERR!) ?/, '').trim());
  const why = lines.find((line) => line !== '' && !line.startsWith('code ')) ?? 'npm gives no reason';
  throw new Refusal(
    `npm install failed, and nothing was left: ${why}. With --no-install the files are written alone`,
  );
}
