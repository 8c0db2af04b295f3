import { durationOf } from './duration.js';
import type { Alert, Group, Recording } from './rule.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What one objective of one route is known by; instances of a gateway are counted together. */
const LABELS = 'job, process, http_request_method, http_route, objective';

export interface BurnAlert {
  readonly alert: string;
  readonly severity: Alert['severity'];
  /** How many times faster than allowed the budget is spent. */
  readonly burn: number;
  /** Seconds over which it burns, and over which it still does: the second ends the alert soon after the fault. */
  readonly long: number;
  readonly short: number;
  /** What of the budget of 30 days is spent when the alert fires. */
  readonly spent: string;
}

/**
 * Multiwindow, multi-burn-rate alerts with the numbers of The Site Reliability Workbook, chapter 5 "Alerting on SLOs",
 * table 5-8 (https://sre.google/workbook/alerting-on-slos/), for a budget of 30 days.
 */
export const BURN_ALERTS: readonly BurnAlert[] = [
  {
    ...{ alert: 'FacetBudgetBurnsFast', severity: 'page', spent: '2%' },
    ...{ burn: 14.4, long: HOUR, short: 5 * MINUTE },
  },
  {
    ...{ alert: 'FacetBudgetBurns', severity: 'page', spent: '5%' },
    ...{ burn: 6, long: 6 * HOUR, short: 30 * MINUTE },
  },
  {
    ...{ alert: 'FacetBudgetBurnsSlowly', severity: 'ticket', spent: '10%' },
    ...{ burn: 1, long: 3 * DAY, short: 6 * HOUR },
  },
];

/** The budget's own window, for panels. */
const BUDGET = 30 * DAY;

/** The recorded burn rate over a window, in seconds: 1 spends exactly the budget in 30 days. */
export const burnRate = (seconds: number) => `facet:slo_burn:rate${durationOf(seconds)}`;

/**
 * Recording rules and alerts for every objective that a route declares. They name no route: a gateway exposes its objectives as
 * metrics, so a declared objective has its alerts as soon as the gateway runs.
 */
export function objectiveRules(scale = 1): readonly Group[] {
  const windows = [...new Set(BURN_ALERTS.flatMap(({ long, short }) => [short, long]))].sort((a, b) => a - b);
  return [
    // One group: its rules are evaluated in this order, so an alert reads the burn rates of the same moment.
    {
      name: 'facet-slo',
      rules: [...windows.map((each) => recordingOf(each, scale)), ...BURN_ALERTS.map(alertOf)],
    },
    {
      ...{ name: 'facet-slo-budget', interval: durationOf(5 * MINUTE, scale) },
      rules: [recordingOf(BUDGET, scale)],
    },
  ];
}

function recordingOf(seconds: number, scale: number): Recording {
  const rate = (metric: string) => `sum by (${LABELS}) (rate(${metric}[${durationOf(seconds, scale)}]))`;
  return {
    record: burnRate(seconds),
    expr: [
      `${rate('facet_slo_bad_events_total')}`,
      `/ (${rate('facet_slo_events_total')} > 0)`,
      `/ (1 - max by (${LABELS}) (facet_slo_objective_ratio))`,
    ].join('\n'),
  };
}

function alertOf({ alert, severity, burn, long, short, spent }: BurnAlert): Alert {
  const windows = `${durationOf(long)} and ${durationOf(short)}`;
  return {
    ...{ alert, severity },
    expr: `${burnRate(long)} > ${burn}\nand\n${burnRate(short)} > ${burn}`,
    summary:
      '{{ $labels.process }} misses "{{ $labels.objective }}" of {{ $labels.http_request_method }} {{ $labels.http_route }}',
    description: `Its error budget burns {{ $value | printf "%.1f" }} times faster than allowed, over ${windows}. At this alert's threshold, ${burn}, ${spent} of the budget of 30 days is spent within ${durationOf(long)}.`,
    runbook: 'budget',
  };
}
