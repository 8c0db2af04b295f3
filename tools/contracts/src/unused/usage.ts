import type { Deprecated } from './deprecations.js';
import type { Prometheus, Sample } from './prometheus.js';

/** What is known of the callers of something deprecated. */
export interface Usage {
  readonly what: Deprecated;
  readonly verdict: 'may go' | 'in use' | 'unused until its day' | 'not known';
  /** In words. */
  readonly because: string;
}

interface Options {
  readonly days: number;
  /** Now, in seconds since 1970. */
  readonly now: number;
}

const METRIC = 'facet_deprecated_requests_total';

/** Asks who called what is deprecated in the last days, and whether anybody would have been noticed. */
export async function usagesOf(
  prometheus: Prometheus,
  all: readonly Deprecated[],
  { days, now }: Options,
): Promise<readonly Usage[]> {
  const before = (series: string) => `last_over_time(${series}[1d] offset ${days}d)`;
  // A series that begins within the window has no increase over its first value.
  const calls = await prometheus.query(
    `(increase(${METRIC}[${days}d]) > 0) or (last_over_time(${METRIC}[${days}d]) unless ${before(METRIC)}) > 0`,
  );
  // The series of visitors are there from the start of a gateway on.
  const visitors = `${METRIC}{client="visitor"}`;
  const watched = await prometheus.query(before(visitors));
  const seen = await prometheus.query(`last_over_time(${visitors}[${days}d])`);
  const overflow = calls
    .filter(({ labels }) => labels['client'] === '_other')
    .map(({ labels }) => gatewayOf(labels));
  return all.map((what) => {
    const callers = callersOf(calls, what);
    if (callers.length > 0) return { what, verdict: 'in use', because: callers.join(', ') };
    if (overflow.includes(what.gateway))
      return { what, verdict: 'not known', because: 'there were more clients than the metric tells apart' };
    if (!seen.some((each) => isOf(each, what)))
      return { what, verdict: 'not known', because: 'Prometheus has not seen it' };
    if (!watched.some((each) => isOf(each, what)))
      return { what, verdict: 'not known', because: `it is watched for less than ${days} days` };
    const today = new Date(now * 1_000).toISOString().slice(0, 10);
    if (what.sunset !== undefined && what.sunset > today)
      return { what, verdict: 'unused until its day', because: `nobody called, and ${what.sunset} was said` };
    return { what, verdict: 'may go', because: `nobody called in ${days} days` };
  });
}

/** Prometheus renames a label that its own configuration has too. */
const gatewayOf = (labels: Sample['labels']) => labels['exported_process'] ?? labels['process'];

function isOf({ labels }: Sample, { gateway, method, route, field }: Deprecated): boolean {
  return (
    gatewayOf(labels) === gateway &&
    labels['http_request_method'] === method &&
    labels['http_route'] === route &&
    (labels['field'] ?? '') === field
  );
}

/** `shop-app (12)`, the most calls first. Instances are added up. */
function callersOf(calls: readonly Sample[], what: Deprecated): readonly string[] {
  const counts = new Map<string, number>();
  for (const call of calls) {
    const { client = '' } = call.labels;
    if (isOf(call, what)) counts.set(client, (counts.get(client) ?? 0) + call.value);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([client, count]) => `${client} (${Math.max(1, Math.round(count))})`);
}
