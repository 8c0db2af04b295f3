import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { folder } from '../../src/files.js';

/** Minutes between two values: as many as the shortest window of the rules allows, since each test has days of them. */
export const STEP = 2.5;

/** Values `STEP` apart, in promtool's notation: `0+100x60` rises by 100, sixty times. */
export type Series = Readonly<Record<string, string>>;

interface Expected {
  /** Since the first value: `45m`. */
  readonly at: string;
  /** What fires then: `FacetBudgetBurnsFast availability`. */
  readonly firing: readonly string[];
}

/** Runs `promtool` in the folder of the generated files, and gives back what it says and whether it is content. */
export function promtool(...args: readonly string[]): { readonly ok: boolean; readonly text: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: folder, encoding: 'utf8' });
  return { ok: status === 0, text: stdout + stderr };
}

/** What promtool has against it that the committed rules, given these series, fire exactly the alerts that are expected. */
export function unexpected(series: Series, expected: readonly Expected[], label = 'objective'): string {
  const input_series = Object.entries(series).map(([name, values]) => ({ series: name, values }));
  const promql_expr_test = expected.map(({ at, firing }) => ({
    expr: `count by (alertname, ${label}) (ALERTS{alertstate="firing"})`,
    eval_time: at,
    exp_samples: firing.map((each) => {
      const [alert, value] = each.split(' ');
      const labels = value === undefined ? '' : `, ${label}="${value}"`;
      return { labels: `{alertname="${alert}"${labels}}`, value: 1 };
    }),
  }));
  const temporary = mkdtempSync(join(tmpdir(), 'facet-promtool-'));
  const file = join(temporary, 'test.yml');
  const rule_files = ['objectives', 'health'].map((each) => join(folder, `rules/${each}.yml`));
  const interval = `${STEP * 60}s`;
  const tests = [{ interval, input_series, promql_expr_test }];
  writeFileSync(file, stringify({ rule_files, evaluation_interval: interval, tests }));
  try {
    const { ok, text } = promtool('test', 'rules', file);
    return ok ? '' : text;
  } finally {
    rmSync(temporary, { recursive: true });
  }
}
