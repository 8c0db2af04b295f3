import { Fault } from '@facet/platform';
import { fullJitter, wait, type Clock } from '../clock.js';
import type { Tell } from '../events.js';
import { toFault } from '../faults.js';
import { isFreeToRepeat, mayRepeat, outcomeOf } from '../verdict.js';
import type { Budget } from './budget.js';
import type { Layer, Outgoing } from './layer.js';

export interface RetryOptions {
  /** Requests that one call may cause one after the other. */
  maxAttempts: number;
  /** The back-off before a second repetition, or before the first where no other instance is left; full jitter. */
  baseMs: number;
  maxMs: number;
}

export const retryDefaults: RetryOptions = { maxAttempts: 3, baseMs: 25, maxMs: 250 };

export interface RetrySetup extends RetryOptions {
  service: string;
  budget: Budget;
  clock: Clock;
  random: () => number;
  tell: Tell;
  /** Whether the service has an instance that a call has not been to. */
  hasOther: (outgoing: Outgoing) => boolean;
}

/** Repeats what may be repeated (see `mayRepeat`), elsewhere if it can, while time and budget last. */
export function retry(setup: RetrySetup): Layer {
  const { service, budget, clock, maxAttempts, tell } = setup;
  return (next) => async (outgoing) => {
    budget.earn();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await next(outgoing);
      } catch (error) {
        if (attempt >= maxAttempts || !mayRepeat(error, outgoing.operation)) throw error;
        const delayMs = backOff(setup, outgoing, attempt);
        if (outgoing.signal.aborted || clock.now() + delayMs >= outgoing.deadline) throw error;
        if (!isFreeToRepeat(error) && !budget.spend()) throw overBudget(setup, outgoing, error);
        const operation = outgoing.operation.pattern;
        tell.retry?.({ service, operation, attempt: attempt + 1, code: outcomeOf(error), delayMs });
        if (delayMs > 0) await wait(clock, delayMs, outgoing.signal);
        if (outgoing.signal.aborted) throw error;
      }
    }
  };
}

function backOff({ hasOther, random, ...limits }: RetrySetup, outgoing: Outgoing, attempt: number): number {
  const isFree = attempt === 1 && hasOther(outgoing);
  return isFree ? 0 : fullJitter(attempt - 1, limits, random);
}

/** The failure as it was, and that it was not repeated because too much is being repeated already. */
function overBudget({ service, tell }: RetrySetup, outgoing: Outgoing, error: unknown): unknown {
  tell['budget-spent']?.({ service, operation: outgoing.operation.pattern, wanted: 'retry' });
  const known = toFault(error, service);
  if (!(known instanceof Fault)) return error;
  const { code, status, message, retryAfterMs = 1_000 } = known;
  return new Fault(code, status, message, { service, policy: 'retry-budget', retryAfterMs, cause: error });
}
