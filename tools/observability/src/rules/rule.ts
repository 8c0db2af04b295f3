import { stringify } from 'yaml';

export interface Recording {
  readonly record: string;
  readonly expr: string;
}

export interface Alert {
  readonly alert: string;
  readonly expr: string;
  /** How long it must hold, as Prometheus writes it. At once where absent. */
  readonly for?: string;
  /** `page` wakes somebody up, `ticket` waits for the morning. */
  readonly severity: 'page' | 'ticket';
  readonly summary: string;
  readonly description: string;
  /** The heading of docs/guides/runbooks.md that says what to do. */
  readonly runbook: string;
}

export interface Group {
  readonly name: string;
  readonly interval?: string;
  readonly rules: readonly (Recording | Alert)[];
}

/** A file of rules as Prometheus reads it. */
export function rulesFile(groups: readonly Group[]): string {
  const written = groups.map(({ rules, ...group }) => ({ ...group, rules: rules.map(ruleOf) }));
  return stringify({ groups: written }, { lineWidth: 0 });
}

function ruleOf(rule: Recording | Alert): object {
  if ('record' in rule) return rule;
  const { alert, expr, for: held, severity, summary, description, runbook } = rule;
  return {
    ...{ alert, expr },
    ...(held === undefined ? {} : { for: held }),
    labels: { severity },
    annotations: { summary, description, runbook_url: `docs/guides/runbooks.md#${runbook}` },
  };
}
