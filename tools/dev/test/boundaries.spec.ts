import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { workspaceRoot } from '../src/apps.js';

interface Message {
  readonly ruleId: string | null;
  readonly message: string;
}

/** In which project's index, and what is imported there. */
type Row = readonly [project: string, imported: string];

const illegal: readonly Row[] = [
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
  ['libs/contracts', '@facet/shop-catalog'],
  ['libs/aggregation', '@facet/shop-catalog'],
  ['libs/routing', '@facet/shop-catalog'],
  ['libs/gateway', '@facet/shop-catalog'],
  ['libs/auth', '@facet/shop-accounts'],
  ['libs/service', '@facet/shop-catalog'],
  ['libs/testing', '@facet/shop-catalog'],
  ['libs/shop/catalog', '@facet/platform'],
  ['libs/shop/checkout', '@facet/gateway'],
  ['tools/bench', '@facet/shop-catalog'],
  ['apps/catalog', '@facet/gateway'],
  ['apps/catalog', '@facet/database'],
  ['apps/web-bff', '@facet/service'],
  ['apps/web-bff', '@facet/shop-sample-data'],
];

const legal: readonly Row[] = [
  ['libs/aggregation', '@facet/contracts'],
  ['libs/saga', '@facet/contracts'],
  ['libs/routing', '@facet/transport'],
  ['libs/testing', '@facet/database'],
  ['libs/shop/orders', '@facet/shop-catalog'],
  ['apps/catalog', '@facet/service'],
  ['apps/catalog', '@facet/shop-sample-data'],
  ['apps/web-bff', '@facet/shop-checkout'],
  ['apps/web-bff', '@facet/gateway'],
];

const testingInCode: Row = ['apps/catalog', '@facet/testing'];

const fileOf = (project: string): string =>
  `${project}/src/${/^(apps|tools)\//.test(project) ? 'main' : 'index'}.ts`;

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
