import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { durationOf } from '../rules/duration.js';
import { BURN_ALERTS } from '../rules/objectives.js';
import { dashboardOf, type Section } from './dashboard.js';
import { graph, table } from './panels.js';
import { rate, sumBy } from './queries.js';

const CHOSEN = 'process=~"$process", http_route=~"$route", objective=~"$objective"';
const LABELS = 'process, http_request_method, http_route, objective';
const legend = '{{http_request_method}} {{http_route}} {{objective}} ({{process}})';

const burn = (window: string) => `max by (${LABELS}) (facet:slo_burn:rate${window}{${CHOSEN}})`;
const events = (metric: string) => sumBy(LABELS, rate(metric, CHOSEN));
const share = '(1 - facet_slo_objective_ratio)';

const budgets: Section = {
  title: 'Budgets',
  panels: [
    table({
      title: 'Objectives',
      description:
        'Budget left is 1 less what was spent of it in 30 days: below 0 the promise is broken. A burn rate of 1 spends exactly the budget.',
      rows: {
        ...{ process: 'Gateway', http_request_method: 'Method', http_route: 'Route' },
        objective: 'Objective',
      },
      columns: [
        {
          ...{ name: 'Promised', unit: 'percentunit' },
          expr: `max by (${LABELS}) (facet_slo_objective_ratio{${CHOSEN}})`,
        },
        {
          ...{ name: 'Within', unit: 's' },
          expr: `max by (${LABELS}) (facet_slo_latency_threshold_seconds{${CHOSEN}})`,
        },
        { name: 'Budget left', unit: 'percentunit', expr: `1 - ${burn('30d')}` },
        { name: 'Burn, 1 h', unit: 'short', expr: burn('1h'), limits: [1, 14.4] },
        { name: 'Burn, 3 d', unit: 'short', expr: burn('3d'), limits: [1, 6] },
      ],
    }),
    graph({
      title: 'Budget left',
      description: 'Of the error budget of 30 days. At 0 the promise is broken.',
      unit: 'percentunit',
      width: 24,
      queries: [{ expr: `1 - ${burn('30d')}`, legend }],
    }),
  ],
};

const burns: Section = {
  title: 'Burn rates: an alert fires while both of its windows are above its threshold',
  panels: BURN_ALERTS.flatMap(({ alert, severity, burn: threshold, long, short }) =>
    [long, short].map((window) =>
      graph({
        title: `${alert}: ${durationOf(window)} above ${threshold}`,
        description: `${alert} (${severity}) fires while the burn rates over ${durationOf(long)} and ${durationOf(short)} are above ${threshold}.`,
        unit: 'short',
        width: 12,
        queries: [{ expr: burn(durationOf(window)), legend }],
      }),
    ),
  ),
};

const counts: Section = {
  title: 'Events',
  panels: [
    graph({
      title: 'Events',
      description: 'Requests per second that an objective is about.',
      unit: 'reqps',
      queries: [{ expr: events('facet_slo_events_total'), legend }],
    }),
    graph({
      title: 'Bad events',
      description: 'Requests per second that missed an objective.',
      unit: 'reqps',
      queries: [{ expr: events('facet_slo_bad_events_total'), legend }],
    }),
    graph({
      title: 'Share of bad events, and the share that is allowed',
      description: 'Over the last hour.',
      unit: 'percentunit',
      queries: [
        { expr: `${burn('1h')} * on (${LABELS}) max by (${LABELS}) ${share}`, legend },
        {
          expr: `max by (${LABELS}) (1 - facet_slo_objective_ratio{${CHOSEN}})`,
          legend: `${legend}: allowed`,
        },
      ],
    }),
  ],
};

/** What routes promise, and what is left of their budgets. */
export function objectives(): Dashboard {
  return dashboardOf({
    uid: 'facet-objectives',
    title: 'Facet: objectives',
    description:
      'What routes promise (slo in routes.ts), how much of the error budget of 30 days is left, and how fast it burns.',
    variables: [
      { name: 'process', label: 'Gateway', query: 'label_values(facet_slo_objective_ratio, process)' },
      {
        ...{ name: 'route', label: 'Route' },
        query: 'label_values(facet_slo_objective_ratio{process=~"$process"}, http_route)',
      },
      { name: 'objective', label: 'Objective', query: 'label_values(facet_slo_objective_ratio, objective)' },
    ],
    sections: [budgets, burns, counts],
  });
}
