import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';

jest.setTimeout(900_000);

const workspaceRoot = fileURLToPath(new URL('../../../', import.meta.url));
const modules = join(workspaceRoot, 'node_modules');
let copy: string;

/** What was built is taken along: the compiler sees that it is up to date. */
const LEFT_OUT: ReadonlySet<string> = new Set(['node_modules', '.git', '.nx', '.facet', 'coverage']);

beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), 'facet-generated-'));
  cpSync(workspaceRoot, copy, { recursive: true, filter: (path) => !LEFT_OUT.has(basename(path)) });
  mkdirSync(join(copy, 'node_modules/@facet'), { recursive: true });
  for (const name of readdirSync(modules)) {
    if (name !== '@facet') symlinkSync(join(modules, name), join(copy, 'node_modules', name));
  }
  for (const name of readdirSync(join(modules, '@facet'))) {
    symlinkSync(readlinkSync(join(modules, '@facet', name)), join(copy, 'node_modules/@facet', name));
  }
  await run('git', 'init', '--quiet');
  await commit('as it is');
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

async function run(command: string, ...args: string[]): Promise<string> {
  const { PATH, HOME, TMPDIR } = process.env;
  // As a machine for CI has it: there Jest writes no snapshots.
  const env = { PATH, HOME, TMPDIR, CI: 'true', NX_DAEMON: 'false', NX_TUI: 'false', FORCE_COLOR: '0' };
  const options = { cwd: copy, env, maxBuffer: 100_000_000 };
  try {
    const { stdout, stderr } = await promisify(execFile)(command, args, options);
    return stdout + stderr;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')}\n${stdout.slice(-8_000)}\n${stderr.slice(-4_000)}`, {
      cause: error,
    });
  }
}

const node = (script: string, ...args: string[]) => run(process.execPath, join(modules, script), ...args);
const nx = (...args: string[]) => node('nx/dist/bin/nx.js', ...args);
const generate = (generator: string, ...args: string[]) =>
  nx('generate', `@facet/nx-plugin:${generator}`, ...args);

async function commit(message: string): Promise<void> {
  await run('git', 'add', '--all');
  const who = ['-c', 'user.name=spec', '-c', 'user.email=spec@example.com', '-c', 'commit.gpgsign=false'];
  await run('git', ...who, 'commit', '--quiet', '--allow-empty', '--message', message);
}

const head = async () => (await run('git', 'rev-parse', 'HEAD')).trim();

describe('in a copy of the workspace', () => {
  let before: string;

  test('what Nx lists are the five generators', async () => {
    const listed = await nx('list', '@facet/nx-plugin');
    for (const name of ['bff', 'aggregation', 'service', 'contract', 'remove'])
      expect(listed).toMatch(new RegExp(`^${name} : `, 'm'));
  });

  test('a dry run changes nothing', async () => {
    expect(await generate('bff', 'spec-kiosk', '--dry-run')).toContain(
      'CREATE apps/spec-kiosk-bff/src/main.ts',
    );
    expect(await run('git', 'status', '--porcelain')).toBe('');
  });

  test('a Node that is too old to run TypeScript is told so, with the way out', async () => {
    const old = "import module from 'node:module'; delete module.registerHooks;";
    const asked = run(
      process.execPath,
      ...['--import', `data:text/javascript,${encodeURIComponent(old)}`, join(modules, 'nx/dist/bin/nx.js')],
      ...['generate', '@facet/nx-plugin:bff', 'spec-kiosk', '--dry-run'],
    );
    await expect(asked).rejects.toThrow(/need Node 22\.15 or later, and this is v.*: npx nx brings its own/);
  });

  test('a file to be edited that has changes is named, and nothing is changed', async () => {
    const file = join(copy, 'docker-compose.yml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, `${text}\n# mine\n`);
    await expect(generate('bff', 'spec-kiosk')).rejects.toThrow(
      'docker-compose.yml would be edited and is not committed',
    );
    expect((await run('git', 'status', '--porcelain')).trim()).toBe('M docker-compose.yml');
    writeFileSync(file, text);
  });

  test('a service, a gateway and an aggregation over both are linted, built, tested and called', async () => {
    before = await head();
    await generate('service', 'spec-wishlists');
    await commit('a service');
    await generate('bff', 'spec-kiosk');
    await commit('a gateway');
    await generate(
      'aggregation',
      'wishes',
      '--bff=spec-kiosk-bff',
      '--parts=spec-wishlists.list,catalog.featured?',
    );
    await commit('an aggregation');
    // The tests of the gateway start it with its services and call it over HTTP.
    const targets = ['format', 'lint', 'build', 'typecheck', 'test'];
    await nx('run-many', '-t', ...targets, '-p', 'spec-wishlists,spec-kiosk-bff');
    await nx('sync:check');
  });

  test('what was taken out again has left nothing behind', async () => {
    await generate('remove', 'wishes', '--bff=spec-kiosk-bff');
    await commit('without the aggregation');
    await generate('remove', 'spec-kiosk');
    await commit('without the gateway');
    await generate('remove', 'spec-wishlists');
    await commit('without the service');
    expect(await run('git', 'diff', before)).toBe('');
    expect(existsSync(join(copy, 'node_modules/@facet/spec-kiosk-bff'))).toBe(false);
  });

  test('gateways for the other kinds of client are as sound, and so is all that they are registered in', async () => {
    await generate('bff', 'spec-courier', '--client=mobile', '--services=orders,catalog');
    await commit('a gateway for an app');
    await generate('bff', 'spec-reseller', '--client=partner', '--services=catalog,inventory');
    await commit('a gateway for partners');
    await nx('sync:check'); // and with it the project graph, which the lint rules read, is made anew
    // What the Nx targets of these projects do, with one process for all of them: each type is read once.
    const touched = ['apps/spec-courier-bff', 'apps/spec-reseller-bff', 'apps/identity'];
    const changed = (await run('git', 'diff', '--name-only', before)).trim().split('\n');
    await node('prettier/bin/prettier.cjs', '--check', '--ignore-unknown', ...changed);
    await node('eslint/bin/eslint.js', '--max-warnings=0', ...touched);
    await node('typescript/bin/tsc', '--build', ...touched);
  });
});
