import { createHash } from 'node:crypto';
import {
  Cancellation,
  factsOf,
  isRefusal,
  timeoutError,
  type Call,
  type Caller,
  type Clock,
} from '@facet/contracts';
import type { Command } from './saga.js';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

/** `no`: a final refusal, nothing was done. `unknown`: nobody can tell whether it was. */
export type Failure =
  { readonly kind: 'no'; readonly error: unknown } | { readonly kind: 'unknown'; readonly error: unknown };
export type Result = { readonly kind: 'answer'; readonly value: unknown } | Failure;

export interface Dependencies {
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
export async function attempt(dependencies: Dependencies, what: Attempt): Promise<Result> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return { kind: 'answer', value: await send(dependencies, what) };
    } catch (error) {
      const isFirst = attempts === 1 && what.mayBeDone !== true;
      if (isFinal(what.operation, error, isFirst)) return { kind: 'no', error };
      const pause = pauseMs(dependencies, attempts, error);
      const over = attempts >= what.attempts || dependencies.clock.now() + pause >= what.deadline;
      if (over) return { kind: 'unknown', error };
      await new Promise<void>((resolve) => void dependencies.clock.after(pause, resolve));
    }
  }
}

async function send({ call, clock }: Dependencies, what: Attempt): Promise<unknown> {
  const { operation, input, timeoutMs } = what;
  const ms = Math.min(timeoutMs, what.deadline - clock.now());
  const late = () => timeoutError(operation.pattern, Math.max(0, ms));
  if (!(ms > 0)) throw late();
  return new Promise((resolve, reject: (error: unknown) => void) => {
    const signal = new Cancellation();
    // Rejects once time is up, whether or not the call listens to its signal.
    const stopTimer = clock.after(ms, () => {
      const error = late();
      signal.cancel(error);
      reject(error);
    });
    Promise.try(() => call(operation, input, { signal, deadline: clock.now() + ms }))
      .finally(stopTimer)
      .then(({ value }) => resolve(value), reject);
  });
}

/**
 * Whether the answer is a final no. A refusal that the contract declares always is: services repeat their first answer.
 * A general one (not allowed, not valid) only says so of the very first attempt; an earlier one may have been carried
 * out, and a service refuses in general before it looks at the key.
 */
function isFinal(operation: Command, error: unknown, isFirst: boolean): boolean {
  const facts = factsOf(error);
  if (Object.hasOwn(operation.errors, facts.code) && isRefusal(facts, operation.errors)) return true;
  return isFirst && [400, 401, 403, 404, 422].includes(facts.status);
}

/** Exponential back-off with full jitter; what a service asks for is the least. */
function pauseMs({ random }: Dependencies, attempts: number, error: unknown): number {
  const most = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempts - 1));
  return Math.max(factsOf(error).retryAfterMs ?? 0, random() * most);
}

export interface KeyParts {
  readonly saga: string;
  readonly key: string;
  readonly attempt: number;
  readonly caller: Caller | undefined;
}

/** What a service answers to a key that came with another input before: under it, another run may have done something. */
export const KEY_REUSED = 'idempotency.key-reused';

/**
 * The idempotency key of one command of a saga: always the same for the same caller, key and attempt, and never that of
 * another caller, or of the same for another customer, who happens to choose the same key. At most 170 printable characters.
 */
export function commandKey(parts: KeyParts, step: string, undo = false): string {
  const { saga, key, attempt, caller } = parts;
  const whose = [caller?.client ?? null, caller?.subject ?? null, caller?.customerId ?? null];
  const digest = createHash('sha256')
    .update(JSON.stringify([saga, whose, key, attempt, step, undo]))
    .digest('base64url');
  return `${saga}.${step}${undo ? '.undo' : ''}.${digest}`;
}
