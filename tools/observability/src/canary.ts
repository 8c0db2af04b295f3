import { setTimeout as sleep } from 'node:timers/promises';
import { queryPrometheus } from './prometheus.js';
import { BURN_ALERTS, burnRate } from './rules/objectives.js';

export interface CanaryOptions {
  /** The address of the Prometheus that has the workspace's rules. */
  readonly prometheus: string;
  /** How long the objectives are watched, in milliseconds. */
  readonly forMs: number;
  /** How often they are read, in milliseconds. */
  readonly everyMs: number;
  readonly write: (line: string) => void;
}

/** What fires the fastest alert: a release that burns like this pages somebody within the hour. */
const [{ burn: LIMIT, short: WINDOW }] = BURN_ALERTS as readonly [(typeof BURN_ALERTS)[number]];

/**
 * Watches what a release does to the objectives that routes declare: 0 where none of them burns, 1 as soon as one does, 2 where there
 * is nothing to judge by. The reason is written.
 */
export async function watchObjectives({
  prometheus,
  forMs,
  everyMs,
  write,
}: CanaryOptions): Promise<0 | 1 | 2> {
  const until = performance.now() + forMs;
  const seen = new Set<string>();
  for (;;) {
    const rates = await queryPrometheus(prometheus, burnRate(WINDOW)).catch((error: Error) => error);
    if (rates instanceof Error) {
      write(`Prometheus cannot be asked: ${rates.message}`);
      return 2;
    }
    const burning = rates.filter(({ value }) => value > LIMIT);
    for (const { labels, value } of burning)
      write(
        `${nameOf(labels)} burns its budget ${value.toFixed(1)} times faster than allowed (limit ${LIMIT})`,
      );
    if (burning.length > 0) return 1;
    for (const { labels, value } of rates) if (!Number.isNaN(value)) seen.add(nameOf(labels));
    const left = until - performance.now();
    if (left <= 0) break;
    await sleep(Math.min(everyMs, left));
  }
  if (seen.size > 0) write(`${seen.size} objectives were watched, and none of them burns`);
  else write('No objective had a request: there is nothing to judge the release by');
  return seen.size > 0 ? 0 : 2;
}

const nameOf = (labels: Readonly<Record<string, string>>): string =>
  `${labels['process']}: ${labels['http_request_method']} ${labels['http_route']}, ${labels['objective']},`;
