import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';

const workspaceRoot = fileURLToPath(new URL('../../../', import.meta.url));
const nowhere = mkdtempSync(join(tmpdir(), 'facet-typed-'));
afterAll(() => rmSync(nowhere, { recursive: true }));

const hasZsh = spawnSync('zsh', ['--version']).status === 0;

const COMMAND = /^(?:npx|npm|nx|node|curl|git|docker|kill|pkill|openssl)\b/;

/** What files of the workspace say that one may type, by file. */
function commandsIn(file: string): readonly string[] {
  const text = readFileSync(join(workspaceRoot, file), 'utf8');
  if (file.endsWith('.json')) {
    const { examples = [] } = JSON.parse(text) as {
      readonly examples?: readonly { readonly command: string }[];
    };
    return examples.map(({ command }) => command);
  }
  const fenced = [...text.matchAll(/^```(?:sh|bash|console)?\n([^]*?)^```/gm)].flatMap(([, block = '']) =>
    block.replaceAll('\\\n', ' ').split('\n'),
  );
  const inline = [...text.replaceAll(/^```[^]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].map(
    ([, code = '']) => code,
  );
  // In lists of commands what one does stands beside it.
  return [...fenced, ...inline]
    .map((line) => line.trim().replace(/\s{2,}[^#].*$/, ''))
    .filter((line) => COMMAND.test(line));
}

function files(): readonly string[] {
  const { stdout } = spawnSync(
    'git',
    ['ls-files', '--', '*.md', '*.md.template', 'tools/nx-plugin/src/*/schema.json'],
    {
      cwd: workspaceRoot,
      encoding: 'utf8',
    },
  );
  return stdout.split('\n').filter((file) => file !== '');
}

/** What zsh makes of a line as somebody types it, with no command within reach: nothing is run. */
function typed(line: string): string {
  const known = line
    .replaceAll(/<%[^]*?%>/g, 'x')
    .replaceAll(/<[\w -]+>/g, 'x')
    .replaceAll('…', 'x')
    .replaceAll('\\|', '|');
  // At a prompt zsh takes `#` for a word like any other.
  if (/ # /.test(known)) return `${line}\n  # begins no comment at a prompt of zsh`;
  const script = `path=(); command_not_found_handler() { return 0 }; kill() { : }; cd() { : }; ${known}`;
  const { status, stderr } = spawnSync('zsh', ['-f', '-i', '-c', script], {
    cwd: nowhere,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: nowhere },
    timeout: 20_000,
  });
  return status === 0 && stderr === '' ? '' : `${line}\n  ${stderr.trim()}`;
}

describe('what documents and help say that one may type', () => {
  const commands = [...new Set(files().flatMap(commandsIn))];

  test('is found', () => {
    expect(commands.length).toBeGreaterThan(60);
    expect(commands).toEqual(
      expect.arrayContaining([expect.stringContaining('nx-plugin:aggregation showcase')]),
    );
  });

  (hasZsh ? test : test.skip)(`can be typed in zsh${hasZsh ? '' : ' (skipped: no zsh)'}`, () => {
    expect(typed('npx nx g x --parts=catalog.featured?')).toContain('no matches found');
    expect(typed('npm ci # slow')).toContain('begins no comment');
    expect(commands.map(typed).filter((complaint) => complaint !== '')).toEqual([]);
  });
});
