import {
  asCodedError,
  cancelledError,
  factsOf,
  systemClock,
  timeoutError,
  type Call,
  type Caller,
  type Clock,
  type Signal,
} from '@facet/contracts';
import type { z } from 'zod';
import { attempt, commandKey, KEY_REUSED, type Attempt, type Failure, type Result } from './command.js';
import { SagaError, type Unresolved } from './saga-error.js';
import { isFinal, type Saga, type Step } from './saga.js';
import { contextOf, leaveInDoubt, undoAll, UNDO_ATTEMPTS, type Progress, type Sent } from './undo.js';

export interface RunSagaOptions<Input> {
  /** What the client sent, parsed by the saga's own schema. */
  readonly input: Input;
  readonly caller?: Caller;
  /** The caller's own idempotency key for the whole. Every command's key is derived from it. */
  readonly key: string;
  /**
   * How many attempts under this key have been undone before. Only a store that lives as long as the services' memory
   * of keys may say more than 0: with a smaller number than before, commands that were undone are answered from memory.
   */
  readonly attempt?: number;
  readonly call: Call;
  /** Heeded until the first command is sent, and not after: a saga is finished or undone whether or not anyone waits. */
  readonly signal: Signal;
  /** Takes down what is left behind, once for each. It is awaited; where it fails, the error still tells. */
  readonly record: (left: Unresolved) => void | Promise<void>;
  readonly clock?: Clock;
  /** Between 0 and 1, for the spread of retries. */
  readonly random?: () => number;
}

export interface SagaOutcome<Result> {
  readonly saga: string;
  readonly value: Result;
  /** Each step with its time in milliseconds. */
  readonly steps: readonly { readonly step: string; readonly tookMs: number }[];
  readonly tookMs: number;
}

/**
 * Carries the steps out in their order. Rejects with a `SagaError` (the failed step's own code and status) once what was
 * done is undone, as far as it can be; the rest is in its `unresolved`. Called again with the same key, it goes on where
 * it stopped, since each service answers a command that it knows from memory. The same key at the same time is one run.
 */
export function runSaga<I extends z.ZodType, Result>(
  saga: Saga<I, Result>,
  options: RunSagaOptions<z.output<I>>,
): Promise<SagaOutcome<Result>> {
  const { caller, key, attempt = 0 } = options;
  if (options.signal.aborted) return Promise.reject(cancelledError(options.signal.reason));
  const keys = { saga: saga.name, key, attempt, caller };
  const { call, clock = systemClock, random = Math.random } = options;
  const dependencies = { call, clock, random };
  return joinedRun(saga, `${commandKey(keys, '')} ${JSON.stringify(options.input)}`, () =>
    carryOut({ saga, dependencies, keys, input: options.input, caller, values: {} }, options.record),
  ) as Promise<SagaOutcome<Result>>;
}

const running = new WeakMap<Saga, Map<string, Promise<SagaOutcome<unknown>>>>();

/** One of two runs could undo what the other builds on: in one process, the same request twice is one run. */
function joinedRun(saga: Saga, id: string, start: () => Promise<SagaOutcome<unknown>>) {
  const runs = running.get(saga) ?? new Map<string, Promise<SagaOutcome<unknown>>>();
  running.set(saga, runs);
  const known = runs.get(id);
  if (known !== undefined) return known;
  const run = start().finally(() => runs.delete(id));
  runs.set(id, run);
  return run;
}

async function carryOut(
  progress: Progress,
  record: RunSagaOptions<unknown>['record'],
): Promise<SagaOutcome<unknown>> {
  const { saga, values } = progress;
  const { clock } = progress.dependencies;
  const startedAt = clock.now();
  let deadline = startedAt + saga.deadlineMs;
  const steps: { step: string; tookMs: number }[] = [];
  const done: Sent[] = [];
  for (const step of saga.steps) {
    const stepStartedAt = clock.now();
    const mayBeDone = mayHaveBeenDone(step, done);
    const { input, ...result } = await carryOutStep(progress, step, { deadline, mayBeDone });
    if (result.kind !== 'answer')
      throw await giveUp(progress, { step, input, failure: result, done, record });
    values[step.name] = result.value;
    done.push({ step, input, known: true });
    steps.push({ step: step.name, tookMs: clock.now() - stepStartedAt });
    // Past a step that cannot be undone there is only one way, and time for it.
    if (isFinal(step)) deadline = Math.max(deadline, clock.now() + saga.undoMs);
  }
  return { saga: saga.name, value: resultOf(progress), steps, tookMs: clock.now() - startedAt };
}

/**
 * Whether an earlier run with this key may have come as far as this step. Nothing tells a run that goes on from a fresh
 * one; only while nothing has been changed by it, a general refusal is taken at its word.
 */
function mayHaveBeenDone(step: Step, done: readonly Sent[]): boolean {
  return !step.harmless && done.some((each) => !each.step.harmless);
}

async function carryOutStep(
  progress: Progress,
  step: Step,
  { deadline, mayBeDone }: Required<Pick<Attempt, 'deadline' | 'mayBeDone'>>,
): Promise<Result & { input: object }> {
  const { dependencies, saga, keys } = progress;
  let input: object = {};
  try {
    input = { ...step.input(contextOf(progress)), idempotencyKey: commandKey(keys, step.name) };
  } catch (error) {
    return { input, kind: 'no', error };
  }
  if (dependencies.clock.now() >= deadline) {
    return { input, kind: 'no', error: timeoutError(saga.name, saga.deadlineMs) };
  }
  const { operation, timeoutMs, attempts } = step;
  const what: Attempt = { operation, input, timeoutMs, attempts, deadline, mayBeDone };
  const result = await attempt(dependencies, what);
  if (result.kind !== 'unknown' || !isFinal(step)) return { input, ...result };
  const longer = {
    attempts: UNDO_ATTEMPTS,
    deadline: dependencies.clock.now() + saga.undoMs,
    mayBeDone: true,
  };
  return { input, ...(await attempt(dependencies, { ...what, ...longer })) };
}

interface GivingUp {
  readonly step: Step;
  readonly input: object;
  readonly failure: Failure;
  readonly done: readonly Sent[];
  readonly record: RunSagaOptions<unknown>['record'];
}

async function giveUp(progress: Progress, { step, input, failure, done, record }: GivingUp) {
  const { kind, error } = failure;
  const all = kind === 'unknown' ? [...done, { step, input, known: false, error }] : done;
  const sent = all.filter((each) => !each.step.harmless);
  const isOpen = kind === 'unknown' && isFinal(step);
  // The same key with another input belongs to another run: what that has done is not ours to undo.
  const isForeign = factsOf(error).code === KEY_REUSED;
  const isInDoubt = isOpen || isForeign;
  const { undone, unresolved } = isInDoubt ? leaveInDoubt(progress, sent) : await undoAll(progress, sent);
  for (const left of unresolved) {
    try {
      await record(left);
    } catch {
      // The thrown error carries it too, so that nothing is lost with the record.
    }
  }
  return new SagaError({ saga: progress.saga, step, error, undone, unresolved });
}

function resultOf(progress: Progress): unknown {
  try {
    return progress.saga.result(contextOf(progress));
  } catch (error) {
    throw asCodedError(error);
  }
}
