import { join } from 'node:path';
import { workspaceRoot } from '@facet/dev';
import { dashboards } from './dashboards/index.js';
import { healthRules } from './rules/health.js';
import { objectiveRules } from './rules/objectives.js';
import { rulesFile } from './rules/rule.js';
import { byDns, byFile, prometheusConfig } from './scrape.js';

/** Where the generated files are, with what is written by hand. */
export const folder = join(workspaceRoot, 'deploy/observability');

const HEADER = '# Made by `npm run dashboards` from tools/observability; an edit here is lost.\n\n';

/** The files of rules by their path within `folder`; every window is divided by `scale`. */
export function ruleFiles(scale = 1): Readonly<Record<string, string>> {
  return {
    'rules/objectives.yml': HEADER + rulesFile(objectiveRules(scale)),
    'rules/health.yml': HEADER + rulesFile(healthRules(scale)),
  };
}

/** What `npm run dashboards` writes, by path within `folder`. It depends on no app of the workspace. */
export function generatedFiles(): Readonly<Record<string, string>> {
  const shown = dashboards
    .map((make) => make())
    .map((each) => [`grafana/dashboards/${each.uid}.json`, `${JSON.stringify(each, null, 2)}\n`] as const);
  return {
    'prometheus.yml': HEADER + prometheusConfig({ discovery: byFile }),
    'prometheus.dns.yml': HEADER + prometheusConfig({ discovery: byDns }),
    ...ruleFiles(),
    ...(Object.fromEntries(shown) as Record<string, string>),
  };
}
