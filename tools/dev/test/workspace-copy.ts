import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { randomInt } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { workspaceRoot } from '../src/apps.js';

/** A workspace beside this one, with data and logs of its own, in which `npm start` runs on free ports. */
export interface WorkspaceCopy {
  readonly root: string;
  /** What moves every port of the workspace out of the way of a developer's own. */
  readonly env: Readonly<Record<string, string>>;
  start(env?: Readonly<Record<string, string>>, args?: readonly string[]): StartCommand;
  /** What `nx serve` runs for an app. */
  serve(app: string, env?: Readonly<Record<string, string>>): StartCommand;
  /** The same, as a newcomer types it: with npm between. */
  startByNpm(): StartCommand;
  /** Resolves when no process of the workspace is left and every port can be had again. */
  ended(): Promise<void>;
  remove(): void;
}

export interface StartCommand {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  readonly exitCode: Promise<number | null>;
  /** Everything written so far, both streams. */
  output(): string;
  /** Resolves with the output when it matches; rejects when the command ends without it. */
  until(pattern: RegExp): Promise<string>;
}

/** By name: an app's `main.ts`, beside what its project.json says of it. */
export type FixtureApps = Readonly<
  Record<
    string,
    {
      readonly kind: string;
      readonly main: string;
      readonly needs?: readonly string[];
      readonly try?: { readonly path: string };
    }
  >
>;

/** What stands for something else in an address, in a pattern or in a shell. */
const STRANGE = "facet C# 100% (it's [a] ?é) ";

/** Without fixtures the copy has the real apps. */
export async function copyWorkspace(fixtures?: FixtureApps): Promise<WorkspaceCopy> {
  const root = mkdtempSync(join(tmpdir(), STRANGE));
  const tools = ['dev/src', 'dev/register.mjs', 'dev/installed.mjs', 'dev/root.mjs', 'database/src'];
  for (const path of [...tools.map((tool) => `tools/${tool}`), 'package.json']) {
    cpSync(join(workspaceRoot, path), join(root, path), { recursive: true });
  }
  linkModules(root);
  mkdirSync(join(root, 'apps'));
  const names = fixtures === undefined ? linkApps(root) : writeApps(root, fixtures);
  const [databasePort = 0, ...ports] = await freePorts(names.length + 1);
  const env: Record<string, string> = { DATABASE_PORT: String(databasePort) };
  names.forEach((name, index) => {
    env[`${name.toUpperCase().replaceAll('-', '_')}_PORT`] = String(ports[index]);
  });
  return {
    root,
    env,
    start: (extra = {}, args = []) =>
      run(root, fromSource('tools/dev/src/start.ts', ...args), { ...env, ...extra }),
    serve: (app, extra = {}) => run(root, fromSource('tools/dev/src/serve.ts', app), { ...env, ...extra }),
    startByNpm: () => run(root, ['npm', 'start'], env),
    ended: () => everythingHasEnded(root, env),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function linkModules(root: string): void {
  const modules = join(workspaceRoot, 'node_modules');
  mkdirSync(join(root, 'node_modules/@facet'), { recursive: true });
  for (const name of readdirSync(modules)) {
    if (name !== '@facet') symlinkSync(join(modules, name), join(root, 'node_modules', name));
  }
  for (const tool of ['dev', 'database']) {
    cpSync(join(workspaceRoot, 'tools', tool, 'package.json'), join(root, 'tools', tool, 'package.json'));
    symlinkSync(join(root, 'tools', tool), join(root, 'node_modules/@facet', tool));
  }
  symlinkSync(join(workspaceRoot, 'libs/platform'), join(root, 'node_modules/@facet/platform'));
}

function linkApps(root: string): readonly string[] {
  const names = readdirSync(join(workspaceRoot, 'apps'));
  for (const name of names) symlinkSync(join(workspaceRoot, 'apps', name), join(root, 'apps', name));
  return names;
}

function writeApps(root: string, fixtures: FixtureApps): readonly string[] {
  for (const [name, { main, ...facet }] of Object.entries(fixtures)) {
    const file = join(root, 'apps', name, 'src/main.ts');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, main);
    const project = { name, metadata: { facet: { ...facet, port: 4900 } }, targets: { serve: {} } };
    writeFileSync(join(root, 'apps', name, 'project.json'), JSON.stringify(project));
    writeFileSync(join(root, 'apps', name, 'package.json'), JSON.stringify({ name: `@facet/${name}` }));
  }
  return Object.keys(fixtures);
}

const fromSource = (...args: readonly string[]): readonly string[] => [
  ...[process.execPath, '--import', './tools/dev/register.mjs'],
  ...args,
];

function run(
  root: string,
  [file = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
): StartCommand {
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(file, args, {
    cwd: root,
    env: { PATH, HOME, TMPDIR, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let ended = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const exitCode = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      ended = true;
      resolve(code);
    });
  });
  return {
    pid: child.pid ?? 0,
    kill: (signal) => void child.kill(signal),
    exitCode,
    output: () => output,
    async until(pattern) {
      while (!pattern.test(output)) {
        if (ended) throw new Error(`it ended without ${pattern}:\n${output}`);
        await sleep(20);
      }
      return output;
    },
  };
}

/**
 * Each with a free one after it, for the admin port; below those the system gives to outgoing connections, which
 * would take them in the meantime.
 */
async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  for (let port = randomInt(10_000, 20_000); ports.length < count; port += 2) {
    const both = Promise.all([listenOnce(port), listenOnce(port + 1)]);
    if (await both.then(Boolean, () => false)) ports.push(port);
  }
  return ports;
}

export function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const { port: found } = server.address() as AddressInfo;
      server.close(() => resolve(found));
    });
  });
}

async function everythingHasEnded(root: string, env: Readonly<Record<string, string>>): Promise<void> {
  for (const port of Object.values(env)) {
    while ((await listenOnce(Number(port)).catch(() => 0)) === 0) await sleep(50);
  }
  while (commandLines().some((line) => line.includes(root))) await sleep(50);
}

/** Of all processes, where the system shows them as files; `ps` is not on every machine. */
function commandLines(): readonly string[] {
  if (!existsSync('/proc')) return [];
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    } catch {
      return '';
    }
  });
}
