import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const workspaceRoot = fileURLToPath(new URL('../../../', import.meta.url));
export const modules = join(workspaceRoot, 'node_modules');

/** What was built is taken along: the compiler sees that it is up to date. */
const LEFT_OUT: ReadonlySet<string> = new Set(['node_modules', '.git', '.nx', '.facet', 'coverage']);

/** A copy of the workspace with a git repository of its own, in which generators run as somebody types them. */
export interface Copy {
  readonly root: string;
  /** What a command wrote, both streams; rejects with that where it fails. */
  run(command: string, ...args: readonly string[]): Promise<string>;
  /** The same for a script of an installed package: `typescript/bin/tsc`. */
  node(script: string, ...args: readonly string[]): Promise<string>;
  nx(...args: readonly string[]): Promise<string>;
  generate(generator: string, ...args: readonly string[]): Promise<string>;
  commit(message: string): Promise<void>;
  /** The id of the last commit. */
  head(): Promise<string>;
  /** Back to a commit, links of packages too. */
  reset(to: string): Promise<void>;
  remove(): void;
}

export async function copyWorkspace(): Promise<Copy> {
  const root = mkdtempSync(join(tmpdir(), 'facet-generated-'));
  cpSync(workspaceRoot, root, {
    recursive: true,
    preserveTimestamps: true,
    filter: (path) => !LEFT_OUT.has(basename(path)),
  });
  mkdirSync(join(root, 'node_modules'));
  for (const name of readdirSync(modules)) {
    if (name !== '@facet') symlinkSync(join(modules, name), join(root, 'node_modules', name));
  }
  linkOwn(root);
  const run = runIn(root);
  const node = (script: string, ...args: readonly string[]) =>
    run(process.execPath, join(modules, script), ...args);
  const nx = (...args: readonly string[]) => node('nx/dist/bin/nx.js', ...args);
  const copy: Copy = {
    root,
    run,
    node,
    nx,
    generate: (generator, ...args) => nx('generate', `@facet/nx-plugin:${generator}`, ...args),
    async commit(message) {
      await run('git', 'add', '--all');
      const who = ['-c', 'user.name=spec', '-c', 'user.email=spec@example.com', '-c', 'commit.gpgsign=false'];
      await run('git', ...who, 'commit', '--quiet', '--allow-empty', '--message', message);
    },
    head: async () => (await run('git', 'rev-parse', 'HEAD')).trim(),
    async reset(to) {
      await run('git', 'reset', '--quiet', '--hard', to);
      await run('git', 'clean', '--quiet', '-d', '--force');
      // What was built of what is gone is no app any more.
      for (const folder of ['apps', 'libs/domain'].flatMap((parent) => foldersIn(join(root, parent))))
        if (!existsSync(join(folder, 'project.json'))) rmSync(folder, { recursive: true });
      rmSync(join(root, 'node_modules/@facet'), { recursive: true });
      linkOwn(root);
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
  await run('git', 'init', '--quiet');
  await copy.commit('as it is');
  return copy;
}

const foldersIn = (parent: string): readonly string[] =>
  existsSync(parent) ? readdirSync(parent).map((name) => join(parent, name)) : [];

/** The workspace's own packages, each by a link relative to the workspace. */
function linkOwn(root: string): void {
  mkdirSync(join(root, 'node_modules/@facet'), { recursive: true });
  for (const name of readdirSync(join(modules, '@facet')))
    symlinkSync(readlinkSync(join(modules, '@facet', name)), join(root, 'node_modules/@facet', name));
}

const runIn =
  (cwd: string) =>
  async (command: string, ...args: readonly string[]): Promise<string> => {
    const { PATH, HOME, TMPDIR } = process.env;
    // As a machine for CI has it: there Jest writes no snapshots.
    const env = { PATH, HOME, TMPDIR, CI: 'true', NX_DAEMON: 'false', NX_TUI: 'false', FORCE_COLOR: '0' };
    try {
      const { stdout, stderr } = await promisify(execFile)(command, args, {
        cwd,
        env,
        maxBuffer: 100_000_000,
      });
      return stdout + stderr;
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new Error(`${command} ${args.join(' ')}\n${stdout.slice(-8_000)}\n${stderr.slice(-4_000)}`, {
        cause: error,
      });
    }
  };
