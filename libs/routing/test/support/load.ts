import { Fault } from '@facet/platform';
import type { Upstreams } from '../../src/index.js';
import { shop } from './shop.js';

export interface Result {
  readonly kind: 'query' | 'command';
  readonly key: string;
  /** When it was sent, ms since the load began. */
  readonly at: number;
  readonly tookMs: number;
  readonly code: string;
}

export interface LoadOptions {
  /** Queries a second. */
  readonly queries?: number;
  /** Commands a second. */
  readonly commands?: number;
  readonly deadlineMs?: number;
  /** What each query's answer takes at the service, in ms. */
  readonly delayMs?: number;
}

export interface Load {
  readonly results: readonly Result[];
  /** How many calls have been sent. */
  readonly sent: number;
  /** Sends nothing more and waits for what is under way. */
  stop(): Promise<readonly Result[]>;
}

const TICK_MS = 10;
const LONGEST_DEBT_MS = 30;

/** A steady stream of calls, whatever becomes of them, until it is stopped. */
export function startLoad(upstreams: Upstreams, options: LoadOptions = {}): Load {
  const { queries = 200, commands = 0, deadlineMs = 2_000, delayMs = 0 } = options;
  const call = upstreams.bind({});
  const startedAt = performance.now();
  const results: Result[] = [];
  const running = new Set<Promise<void>>();
  const counts = { query: 0, command: 0 };

  const send = async (kind: Result['kind']): Promise<void> => {
    const key = `${kind}-${(counts[kind] += 1)}`;
    const sentAt = performance.now();
    const rest = { signal: new AbortController().signal, deadline: sentAt + deadlineMs };
    const answer =
      kind === 'query'
        ? call(shop.item, { id: key, delayMs }, rest)
        : call(shop.count, { key, delayMs }, rest);
    const code = await answer.then(
      () => 'ok',
      (error: unknown) => (error instanceof Fault ? error.code : String(error)),
    );
    results.push({ kind, key, at: sentAt - startedAt, tookMs: performance.now() - sentAt, code });
  };
  const launch = (kind: Result['kind']) => {
    const one = send(kind).finally(() => running.delete(one));
    running.add(one);
  };
  // Counted from the clock, so that a late timer sends what it owes; but a machine that stood still is no burst of calls.
  let seconds = 0;
  let lastAt = startedAt;
  const timer = setInterval(() => {
    const now = performance.now();
    seconds += Math.min(now - lastAt, LONGEST_DEBT_MS) / 1_000;
    lastAt = now;
    while (counts.query < queries * seconds) launch('query');
    while (counts.command < commands * seconds) launch('command');
  }, TICK_MS);
  // A test that fails stops no load: its process ends all the same.
  timer.unref();

  return {
    results,
    get sent() {
      return counts.query + counts.command;
    },
    stop: async () => {
      clearInterval(timer);
      await Promise.all(running);
      return results;
    },
  };
}

export const failed = (results: readonly Result[], kind: Result['kind']) =>
  results.filter((each) => each.kind === kind && each.code !== 'ok');

/** A quantile of what the calls took, in ms. */
export function quantile(results: readonly Result[], share: number): number {
  const sorted = results.map((each) => each.tookMs).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
