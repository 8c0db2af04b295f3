import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readApps, workspaceRoot } from '@facet/dev';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { folder, generatedFiles } from '../src/files.js';
import { targetsFile } from '../src/scrape.js';
import { dashboardsIn } from './support/dashboards.js';

const files = generatedFiles();
const read = (file: string) => readFileSync(join(folder, file), 'utf8');

describe('deploy/observability', () => {
  test.each(Object.keys(files))('%s is what `npm run dashboards` writes', (file) => {
    expect(read(file)).toBe(files[file]);
  });

  test.each(['rules', 'grafana/dashboards'])('%s has no file that nothing writes any more', (path) => {
    const written = Object.keys(files).filter((file) => file.startsWith(`${path}/`));
    expect(
      readdirSync(join(folder, path))
        .map((name) => `${path}/${name}`)
        .sort(),
    ).toEqual(written.sort());
  });

  test.each([
    ['facet-gateways', 'gateway'],
    ['facet-services', 'service'],
  ] as const)('the targets of %s are the admin ports of every %s', (job, kind) => {
    const apps = readApps().filter((app) => app.kind === kind);
    const listed = JSON.parse(read(targetsFile(job))) as readonly object[];
    const expected = apps.map(({ name, port }) => ({
      targets: [`127.0.0.1:${port + 1}`],
      labels: { process: name },
    }));
    expect(listed).toHaveLength(expected.length);
    expect(listed).toEqual(expect.arrayContaining(expected));
  });

  const alerts = Object.keys(files)
    .filter((file) => file.startsWith('rules/'))
    .flatMap((file) => (parse(read(file)) as RulesFile).groups)
    .flatMap((group) => group.rules)
    .flatMap(({ alert, labels, annotations }) =>
      alert === undefined ? [] : [{ alert, severity: labels?.severity, url: annotations?.runbook_url ?? '' }],
    );

  test.each(alerts)(
    '$alert leads to a runbook that says what it means and what to do',
    ({ alert, severity, url }) => {
      const [file = '', heading = ''] = url.split('#');
      const page = readFileSync(join(workspaceRoot, file), 'utf8');
      const section = sectionOf(page, heading);
      expect(section).toContain(`\`${alert}\` (${severity})`);
      for (const part of ['Meaning', 'First look', 'Causes', 'Action'])
        expect(section).toMatch(new RegExp(`^- \\*\\*${part}\\*\\*: \\S`, 'm'));
    },
  );

  test('has no runbook for an alert that is not there', () => {
    const named =
      readFileSync(join(workspaceRoot, RUNBOOKS), 'utf8').match(/(?<=^|, )`Facet\w+`(?= \()/gm) ?? [];
    expect(named.sort()).toEqual(alerts.map(({ alert }) => `\`${alert}\``).sort());
  });
});

const RUNBOOKS = 'docs/guides/runbooks.md';

/** What stands below a heading, which is named as a link names it. */
function sectionOf(page: string, anchor: string): string {
  const sections = page.split(/^#+ (?=.)/m);
  const found = sections.find(
    (each) => (each.split('\n')[0] ?? '').toLowerCase().replaceAll(' ', '-') === anchor,
  );
  return found ?? '';
}

interface RulesFile {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert?: string;
      readonly labels?: { readonly severity: string };
      readonly annotations?: { readonly runbook_url: string };
    }[];
  }[];
}

describe.each(dashboardsIn(files))('the dashboard $title', ({ panels, rows }) => {
  test('has rows of panels that say what they show, side by side, with no gap and no overlap', () => {
    expect(rows.length).toBeGreaterThan(0);
    for (const { title, description, gridPos } of panels) {
      expect([title, (description ?? '').endsWith('.')]).toEqual([title, true]);
      expect([title, gridPos.x + gridPos.w <= 24]).toEqual([title, true]);
    }
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    for (const { gridPos } of panels) {
      const line = panels.filter((each) => each.gridPos.y === gridPos.y);
      expect(line.reduce((sum, each) => sum + each.gridPos.w, 0)).toBe(24);
    }
  });

  test('names its queries as Grafana does, and takes them from the chosen data source', () => {
    for (const { targets } of panels) {
      expect(targets.map(({ refId }) => refId)).toEqual(targets.map((_, index) => 'ABCDEFGH'[index]));
      for (const { datasource } of targets) expect(datasource.uid).toBe('${datasource}');
    }
  });
});
