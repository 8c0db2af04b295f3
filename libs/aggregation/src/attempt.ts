import type { Call } from '@facet/contracts';
import type { Clock } from './clock.js';
import { factsOf, isRefusal, timeoutError } from './errors.js';
import type { Command } from './saga.js';
import { within } from './within.js';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

/** `no`: a final refusal, nothing was done. `unknown`: nobody can tell whether it was. */
export type Failure =
  { readonly kind: 'no'; readonly error: unknown } | { readonly kind: 'unknown'; readonly error: unknown };
export type Result = { readonly kind: 'answer'; readonly value: unknown } | Failure;

export interface Means {
  readonly call: Call;
  readonly clock: Clock;
  readonly random: () => number;
}

export interface Attempt {
  readonly operation: Command;
  readonly input: object;
  /** Milliseconds for one attempt. */
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly deadline: number;
  /** Whether the command may have been sent before, by this run or by an earlier one with the same key. */
  readonly mayBeDone?: boolean;
}

/** Sends a command, again with the same key after every failure that leaves its outcome open. */
export async function attempt(means: Means, what: Attempt): Promise<Result> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return { kind: 'answer', value: await send(means, what) };
    } catch (error) {
      const isFirst = attempts === 1 && what.mayBeDone !== true;
      if (isFinal(what.operation, error, isFirst)) return { kind: 'no', error };
      const pause = pauseMs(means, attempts, error);
      const over = attempts >= what.attempts || means.clock.now() + pause >= what.deadline;
      if (over) return { kind: 'unknown', error };
      await new Promise<void>((resolve) => void means.clock.after(pause, resolve));
    }
  }
}

async function send({ call, clock }: Means, what: Attempt): Promise<unknown> {
  const { operation, input, timeoutMs } = what;
  const ms = Math.min(timeoutMs, what.deadline - clock.now());
  const late = () => timeoutError(operation.pattern, Math.max(0, ms));
  const { value } = await within({ clock, ms, late }, async (signal) =>
    call(operation, input, { signal, deadline: clock.now() + ms }),
  );
  return value;
}

/**
 * Whether the answer is a final no. A refusal that the contract declares always is: services repeat their first answer.
 * A general one (not allowed, not valid) only says so of the very first attempt; an earlier one may have been carried
 * out, and a service refuses in general before it looks at the key.
 */
function isFinal(operation: Command, error: unknown, isFirst: boolean): boolean {
  const facts = factsOf(error);
  if (facts.code in operation.errors && isRefusal(facts, operation.errors)) return true;
  return isFirst && [400, 401, 403, 404, 422].includes(facts.status);
}

/** Exponential back-off with full jitter; what a service asks for is the least. */
function pauseMs({ random }: Means, attempts: number, error: unknown): number {
  const most = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempts - 1));
  return Math.max(factsOf(error).retryAfterMs ?? 0, random() * most);
}
