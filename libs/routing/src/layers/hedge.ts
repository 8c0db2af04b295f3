import { Cancellation } from '@facet/contracts';
import type { Clock } from '../clock.js';
import { asError } from '../errors.js';
import type { Tell } from '../events.js';
import { RecentQuantile } from '../instances/latency.js';
import type { Budget } from './budget.js';
import type { Layer, Outgoing, Send } from './layer.js';

export interface HedgeOptions {
  /** A second request is sent when the first takes longer than this quantile of the operation's recent ones. */
  quantile: number;
  /** … but not before this many ms. */
  minDelayMs: number;
  /** Until so many answers of the operation are known, a quarter of the time that the call has left counts as late. */
  minSamples: number;
}

export const hedgeDefaults: HedgeOptions = { quantile: 0.95, minDelayMs: 10, minSamples: 32 };

export interface HedgeSetup extends HedgeOptions {
  service: string;
  budget: Budget;
  clock: Clock;
  tell: Tell;
  /** Whether the service has more than one instance at this moment. */
  hasSeveral: () => boolean;
  /** Whether the service has an instance that a call has not been to. */
  hasOther: (outgoing: Outgoing) => boolean;
}

/** Sends a query that is late a second time, to another instance; the first answer wins and the other is cancelled. */
export function hedge(setup: HedgeSetup): Layer {
  const latencies = new Map<string, RecentQuantile>();
  const latencyOf = (pattern: string) => {
    const known = latencies.get(pattern) ?? new RecentQuantile(setup.quantile, setup.minSamples);
    latencies.set(pattern, known);
    return known;
  };
  return (next) => async (outgoing) => {
    if (outgoing.operation.kind !== 'query' || outgoing.signal.aborted) return next(outgoing);
    const latency = latencyOf(outgoing.operation.pattern);
    const startedAt = setup.clock.now();
    const quarterMs = (outgoing.deadline - startedAt) / 4;
    const delayMs = Math.max(setup.minDelayMs, latency.isKnown ? latency.value : quarterMs);
    const isHedgeable = startedAt + delayMs < outgoing.deadline && setup.hasSeveral();
    const answer = await (isHedgeable ? race(setup, next, { outgoing, delayMs }) : next(outgoing));
    latency.observe(setup.clock.now() - startedAt);
    return answer;
  };
}

/** One reason for all: making an error each time costs more than the rest of a cancellation. */
const notNeeded = new Error('another answer came first, or nobody waits any more');

/** Rejects only when all that was sent has failed, with the first failure. */
function race(
  setup: HedgeSetup,
  next: Send,
  call: { outgoing: Outgoing; delayMs: number },
): Promise<unknown> {
  const { service, budget, clock, tell, hasOther } = setup;
  const { outgoing, delayMs } = call;
  const operation = outgoing.operation.pattern;
  const startedAt = clock.now();
  return new Promise((resolve, reject) => {
    const running = new Set<Cancellation>();
    let firstError: Error | undefined;

    const cancelAll = () => {
      stopTimer();
      outgoing.signal.removeEventListener('abort', cancelAll);
      for (const each of running) each.cancel(notNeeded);
    };
    const send = (isHedge: boolean) => {
      const signal = new Cancellation();
      running.add(signal);
      next({ ...outgoing, signal }).then(
        (answer) => {
          running.delete(signal);
          if (isHedge) tell['hedge-won']?.({ service, operation, tookMs: clock.now() - startedAt });
          cancelAll();
          resolve(answer);
        },
        (error: unknown) => {
          running.delete(signal);
          firstError ??= asError(error);
          if (running.size > 0) return;
          cancelAll();
          reject(firstError);
        },
      );
    };
    // Where the budget is spent, a call that goes on being late asks again: others earn meanwhile, and it is by then
    // as good as lost, so that it may use the part that is kept for repetitions.
    const considerAfter = (pauseMs: number, isLost = false): (() => void) =>
      clock.after(pauseMs, () => {
        if (!hasOther(outgoing)) return;
        if (isLost ? budget.spend() : budget.spendOnHedge()) {
          tell.hedge?.({ service, operation, afterMs: clock.now() - startedAt });
          return send(true);
        }
        tell['budget-spent']?.({ service, operation, wanted: 'hedge' });
        const nextMs = Math.min(2 * pauseMs, (outgoing.deadline - clock.now()) / 2);
        if (nextMs >= setup.minDelayMs) stopTimer = considerAfter(nextMs, true);
      });
    let stopTimer = considerAfter(delayMs);
    outgoing.signal.addEventListener('abort', cancelAll, { once: true });
    send(false);
  });
}
