import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readApps, workspaceRoot } from '../src/apps.js';

interface Message {
  readonly ruleId: string | null;
  readonly message: string;
}

/** Apps of the workspace, whichever there are. */
const apps = readApps();
const appOf = (wanted: string): string => {
  const found = apps.find(({ name, kind }) => kind === wanted && hasMain(name));
  return `apps/${found?.name ?? 'none'}`;
};
const hasMain = (name: string): boolean => existsSync(join(workspaceRoot, `apps/${name}/src/main.ts`));
const SERVICE = appOf('service');
const GATEWAY = appOf('gateway');

/** The package of a contract; not every workspace has the sample shop. */
const contracts = ['shop', 'domain']
  .flatMap((domain) => foldersIn(`libs/${domain}`).map((name) => `@facet/${domain}-${name}`))
  .filter((name) => existsSync(join(workspaceRoot, 'node_modules', name)));
const CONTRACT = contracts.includes('@facet/shop-catalog') ? '@facet/shop-catalog' : (contracts[0] ?? '');

function foldersIn(folder: string): readonly string[] {
  return existsSync(join(workspaceRoot, folder)) ? readdirSync(join(workspaceRoot, folder)) : [];
}

/** In which project's index, and what is imported there. */
type Row = readonly [project: string, imported: string];

/** Those whose file and import are there. */
function there(rows: readonly Row[]): readonly Row[] {
  return rows.filter(
    ([project, imported]) =>
      existsSync(join(workspaceRoot, fileOf(project))) &&
      imported !== '' &&
      existsSync(join(workspaceRoot, 'node_modules', imported)),
  );
}

const illegal = there([
  ['libs/contracts', '@facet/platform'],
  ['libs/platform', '@facet/transport'],
  ['libs/transport', '@facet/routing'],
  ['libs/aggregation', '@facet/platform'],
  ['libs/aggregation', '@facet/transport'],
  ['libs/aggregation', '@facet/saga'],
  ['libs/saga', '@facet/aggregation'],
  ['libs/routing', '@facet/aggregation'],
  ['libs/routing', '@facet/auth'],
  ['libs/auth', '@facet/transport'],
  ['libs/service', '@facet/gateway'],
  ['libs/service', '@facet/database'],
  ['libs/gateway', '@facet/service'],
  ['libs/gateway', '@facet/console'],
  ['libs/console', '@facet/auth'],
  ['libs/contracts', CONTRACT],
  ['libs/aggregation', CONTRACT],
  ['libs/routing', CONTRACT],
  ['libs/gateway', CONTRACT],
  ['libs/auth', CONTRACT],
  ['libs/service', CONTRACT],
  ['libs/testing', CONTRACT],
  ['libs/shop/catalog', '@facet/platform'],
  ['libs/shop/checkout', '@facet/gateway'],
  ['libs/shop/pictures', '@facet/platform'],
  ['tools/bench', CONTRACT],
  [SERVICE, '@facet/gateway'],
  [SERVICE, '@facet/database'],
  [GATEWAY, '@facet/service'],
  [GATEWAY, '@facet/shop-sample-data'],
]);

const legal = there([
  ['libs/aggregation', '@facet/contracts'],
  ['libs/saga', '@facet/contracts'],
  ['libs/routing', '@facet/transport'],
  ['libs/console', '@facet/gateway'],
  ['libs/testing', '@facet/database'],
  ['libs/shop/orders', CONTRACT],
  [SERVICE, '@facet/service'],
  [SERVICE, '@facet/shop-sample-data'],
  [GATEWAY, '@facet/shop-checkout'],
  [GATEWAY, '@facet/shop-pictures'],
  ['libs/shop/sample-data', '@facet/shop-pictures'],
  [GATEWAY, '@facet/gateway'],
]);

const testingInCode: Row = [SERVICE, '@facet/testing'];

function fileOf(project: string): string {
  return `${project}/src/${/^(apps|tools)\//.test(project) ? 'main' : 'index'}.ts`;
}

let messages: ReadonlyMap<string, readonly Message[]>;

const keyOf = (row: Row): string => row.join(' ');

const refusals = (row: Row): readonly string[] =>
  (messages.get(keyOf(row)) ?? [])
    .filter(({ ruleId }) => ruleId === '@nx/enforce-module-boundaries')
    .map(({ message }) => message);

describe('lint, asked about an import planted in a file of the workspace', () => {
  beforeAll(() => {
    const rows = [...illegal, ...legal, testingInCode];
    const input = rows.map(([project, imported]) => ({
      file: fileOf(project),
      text: `import '${imported}';\n`,
    }));
    const script = join(workspaceRoot, 'tools/dev/test/scripts/lint-planted.mjs');
    // In CI lint reads all types as one program, once, from the files as they are: a planted text would not be seen.
    const env = { ...process.env, CI: 'false' };
    const options = { cwd: workspaceRoot, encoding: 'utf8', input: JSON.stringify(input), env } as const;
    const { stdout, stderr, status } = spawnSync(process.execPath, [script], options);
    if (status !== 0) throw new Error(stderr);
    const answers = JSON.parse(stdout) as readonly (readonly Message[])[];
    messages = new Map(rows.map((row, index) => [keyOf(row), answers[index] ?? []]));
  }, 180_000);

  test.each(illegal)('refuses one in %s of %s', (...row) => {
    expect(refusals(row)).toEqual([expect.stringMatching(/can (only|not) depend on|circular|not tagged/i)]);
  });

  test('refuses what only specs may use in the code itself', () => {
    const rules = (messages.get(keyOf(testingInCode)) ?? []).map(({ ruleId }) => ruleId);
    expect(rules).toEqual(['no-restricted-imports']);
  });

  test.each(legal)('allows one in %s of %s', (...row) => {
    expect(refusals(row)).toEqual([]);
  });
});
