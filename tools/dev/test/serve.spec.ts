import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { gateway, service } from './fixture-apps.js';
import { copyWorkspace, type StartCommand, type WorkspaceCopy } from './workspace-copy.js';

const apps = {
  front: { kind: 'gateway', main: gateway('front', 200), needs: ['steady'], try: { path: '/' } },
  steady: { kind: 'service', main: service('steady') },
  other: { kind: 'service', main: service('other') },
};

let workspace: WorkspaceCopy;
let terminals: StartCommand[] = [];

beforeEach(async () => {
  workspace = await copyWorkspace(apps);
  terminals = [];
});

afterEach(async () => {
  for (const terminal of terminals) terminal.kill('SIGKILL');
  await Promise.all(terminals.map(({ exitCode }) => exitCode));
  await workspace.ended();
  workspace.remove();
});

function serve(app: string): StartCommand {
  const terminal = workspace.serve(app);
  terminals.push(terminal);
  return terminal;
}

const inWorkspace = (...path: readonly string[]): string => join(workspace.root, ...path);

/** As `git checkout`, `sed -i` and many editors do: the file is another one afterwards. */
function replace(file: string, text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

/** The line that says that an app is ready. */
const readyLine = (app: string): string => `^${app} +\\S+  (?:[\\d.]+ s|in another terminal)$`;

const starts = (terminal: StartCommand, app: string): number =>
  terminal.output().match(new RegExp(readyLine(app), 'gm'))?.length ?? 0;

async function startedTimes(terminal: StartCommand, app: string, count: number): Promise<void> {
  await terminal.until(new RegExp(`(?:${readyLine(app)}[^]*?){${count}}`, 'm'));
}

describe('nx serve', () => {
  test('starts an app with what it needs alone, and says that all is up when the app answers', async () => {
    const terminal = serve('front');
    const output = await terminal.until(/All is up/);
    expect(output).toMatch(/^database +127/m);
    expect(output).toMatch(/^steady +127/m);
    expect(output).not.toMatch(/^other /m);
    terminal.kill('SIGINT');
    expect(await terminal.exitCode).toBe(0);
  });

  test('starts what a file belongs to again each time that the file is replaced, and nothing else', async () => {
    const terminal = serve('front');
    await terminal.until(/All is up/);
    const file = inWorkspace('apps/steady/src/main.ts');
    const text = readFileSync(file, 'utf8');
    for (const time of [2, 3, 4]) {
      replace(file, `${text}// ${time}\n`);
      await startedTimes(terminal, 'steady', time);
    }
    expect(starts(terminal, 'front')).toBe(1);
  });

  test('starts an app again when a package that it is made of changes', async () => {
    mkdirSync(inWorkspace('libs/shared/src'), { recursive: true });
    const packageOf = (name: string, dependencies = {}) =>
      JSON.stringify({ name, type: 'module', dependencies });
    writeFileSync(inWorkspace('libs/shared/package.json'), packageOf('@facet/shared'));
    writeFileSync(
      inWorkspace('apps/steady/package.json'),
      packageOf('@facet/steady', { '@facet/shared': '1' }),
    );
    symlinkSync(inWorkspace('libs/shared'), inWorkspace('node_modules/@facet/shared'));
    const terminal = serve('front');
    await terminal.until(/All is up/);
    writeFileSync(inWorkspace('libs/shared/src/new.ts'), 'export const one = 1;\n');
    await startedTimes(terminal, 'steady', 2);
    expect(starts(terminal, 'front')).toBe(1);
    expect(terminal.output()).toContain('steady is started again: libs/shared/src/new.ts has changed');
  });

  test('goes on without an app that does not start, and starts it when it has been edited', async () => {
    const file = inWorkspace('apps/steady/src/main.ts');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, `${text}\nconst = 1;\n`);
    const terminal = serve('front');
    await terminal.until(/^steady did not start: .*: an edit of it starts it again$/m);
    await terminal.until(/^front +http/m);
    replace(file, text);
    await terminal.until(/All is up/);
  });

  test('goes on without an app that is killed', async () => {
    writeFileSync(
      inWorkspace('apps/steady/src/main.ts'),
      service('steady', "setTimeout(() => process.kill(process.pid, 'SIGKILL'), 1500);"),
    );
    const terminal = serve('front');
    await terminal.until(/^steady ended with signal SIGKILL: an edit of it starts it again$/m);
    replace(inWorkspace('apps/steady/src/main.ts'), service('steady'));
    await startedTimes(terminal, 'steady', 2);
  });

  test('uses in a second terminal what runs in the first, and starts it there when the first one ends', async () => {
    const first = serve('steady');
    await first.until(/All is up/);
    const second = serve('front');
    const output = await second.until(/All is up/);
    expect(output).toMatch(/^steady +127.* in another terminal$/m);
    expect(output).toMatch(/^database +127.* in another terminal$/m);
    first.kill('SIGINT');
    expect(await first.exitCode).toBe(0);
    await startedTimes(second, 'steady', 2);
    second.kill('SIGINT');
    expect(await second.exitCode).toBe(0);
  });

  test('refuses an app that runs in another terminal, and names its process', async () => {
    const first = serve('steady');
    await first.until(/All is up/);
    const second = serve('steady');
    expect(await second.exitCode).toBe(1);
    expect(second.output()).toMatch(
      /^✖ steady runs in another terminal already \(process \d+\): stop it there first$/m,
    );
  });

  test('names the apps that there are where it is asked for another', async () => {
    const terminal = serve('nobody');
    expect(await terminal.exitCode).toBe(1);
    expect(terminal.output()).toMatch(/^✖ There is no app "nobody"; there are front, other, steady$/m);
  });
});
