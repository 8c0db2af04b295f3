import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { workspaceRoot } from '../src/apps.js';

interface WorkspaceProject {
  readonly targets: { readonly cycles: { readonly command: string } };
}

let root: string;

/** The very command of `nx cycles workspace`, in a workspace of two files. */
function cycles(files: Readonly<Record<string, string>>): { status: number | null; output: string } {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, 'libs', name)), { recursive: true });
    writeFileSync(join(root, 'libs', name), text);
  }
  const project = readFileSync(join(workspaceRoot, 'project.json'), 'utf8');
  const { command } = (JSON.parse(project) as WorkspaceProject).targets.cycles;
  const PATH = [join(workspaceRoot, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
  const { status, stdout, stderr } = spawnSync(command, {
    shell: true,
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PATH },
  });
  return { status, output: stdout + stderr };
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'facet-cycles-'));
  for (const folder of ['apps', 'libs', 'tools']) mkdirSync(join(root, folder));
  for (const file of ['.dependency-cruiser.mjs', 'tsconfig.base.json', 'package.json']) {
    cpSync(join(workspaceRoot, file), join(root, file));
  }
  symlinkSync(join(workspaceRoot, 'node_modules'), join(root, 'node_modules'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the check for import cycles', () => {
  test('refuses two files that import each other, and names both', () => {
    const { status, output } = cycles({
      'one.ts': "import { two } from './two.js';\nexport const one = (): number => two() + 1;\n",
      'two.ts': "import { one } from './one.js';\nexport const two = (): number => one() - 1;\n",
    });
    expect(output).toMatch(/no-circular: .*one\.ts/);
    expect(output).toContain('two.ts');
    expect(status).not.toBe(0);
  });

  test('has nothing against a file that imports another', () => {
    const { status, output } = cycles({
      'one.ts': "import { two } from './two.js';\nexport const one = two + 1;\n",
      'two.ts': 'export const two = 2;\n',
    });
    expect(output).toContain('no dependency violations found');
    expect(status).toBe(0);
  });
});

describe('the features of the gateway', () => {
  const used = { 'gateway/src/access/used.ts': 'export const used = 1;\n' };
  const use = "import { used } from '../access/used.js';\nexport const using = used + 1;\n";

  test('may not import each other', () => {
    const { status, output } = cycles({ ...used, 'gateway/src/cache/using.ts': use });
    expect(output).toMatch(/gateway-features-apart.*cache\/using\.ts.*access\/used\.ts/);
    expect(status).not.toBe(0);
  });

  test.each(['access', 'routes'])('may be imported from %s', (folder) => {
    const { status, output } = cycles({ ...used, [`gateway/src/${folder}/using.ts`]: use });
    expect(output).toContain('no dependency violations found');
    expect(status).toBe(0);
  });
});
