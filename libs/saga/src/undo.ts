import { factsOf, type Caller } from '@facet/contracts';
import { attempt, commandKey, type Dependencies, type KeyParts } from './command.js';
import type { Unresolved } from './saga-error.js';
import { isFinal, type Context, type Saga, type Step } from './saga.js';

/** How far one run of a saga has come. */
export interface Progress {
  readonly saga: Saga;
  readonly dependencies: Dependencies;
  readonly keys: KeyParts;
  readonly input: unknown;
  readonly caller: Caller | undefined;
  /** The answers by step. */
  readonly values: Record<string, unknown>;
}

/** A command that was sent; `known` where its answer has come back. */
export interface Sent {
  readonly step: Step;
  readonly input: object;
  readonly known: boolean;
  /** Why its answer is not known. */
  readonly error?: unknown;
}

export function contextOf({ input, caller, values }: Progress): Context {
  return { input, caller, ...values };
}

/** How often an undoing, or a step that must not be left open, is tried. */
export const UNDO_ATTEMPTS = 5;

export interface Undone {
  /** In the order of undoing. */
  readonly undone: readonly string[];
  readonly unresolved: readonly Unresolved[];
}

/**
 * Undoes what was sent: what bars the way forward, then the last first. One that cannot be undone does not keep the
 * others from it: each may take its share of the time that is left.
 */
export async function undoAll(progress: Progress, sent: readonly Sent[]): Promise<Undone> {
  const { clock } = progress.dependencies;
  const deadline = clock.now() + progress.saga.undoMs;
  const undone: string[] = [];
  const unresolved: Unresolved[] = [];
  const isAccountedFor = (step: string) =>
    undone.includes(step) || sent.some((each) => each.step.name === step && each.known && isFinal(each.step));
  for (const [index, one] of inOrder(sent).entries()) {
    const share = (deadline - clock.now()) / (sent.length - index);
    const left = await undo(progress, one, { deadline: clock.now() + share, isAccountedFor });
    if (left === undefined) undone.push(one.step.name);
    else unresolved.push(left);
  }
  return { undone, unresolved };
}

function inOrder(sent: readonly Sent[]): readonly Sent[] {
  const isFirst = ({ step }: Sent) => step.compensate?.first === true;
  const reversed = sent.toReversed();
  return [...reversed.filter(isFirst), ...reversed.filter((each) => !isFirst(each))];
}

/**
 * Leaves everything in place: the last step cannot be undone and may have been done, so that the same key again finds
 * out and goes on from there; or another run with the same key may build on it.
 */
export function leaveInDoubt(progress: Progress, sent: readonly Sent[]): Undone {
  const unresolved = sent.toReversed().map(({ step, known, error }) => {
    if (!known) return left(progress, step, { why: 'outcome-unknown', error });
    return { ...left(progress, step, { why: 'in-doubt' }), ...compensationOf(progress, step) };
  });
  return { undone: [], unresolved };
}

interface Undoing {
  readonly deadline: number;
  /** Whether this run has undone a step, or names it itself since it cannot be undone. */
  readonly isAccountedFor: (step: string) => boolean;
}

/** Undefined once nothing is left of the step. */
async function undo(
  progress: Progress,
  sent: Sent,
  { deadline, isAccountedFor }: Undoing,
): Promise<Unresolved | undefined> {
  const { dependencies, values } = progress;
  const { step } = sent;
  if (!sent.known) {
    const outcome = await learn(progress, sent, deadline);
    if (outcome.kind === 'no') return undefined;
    if (outcome.kind === 'unknown') {
      return left(progress, step, { why: 'outcome-unknown', error: outcome.error });
    }
    values[step.name] = outcome.value;
  }
  const { compensate, timeoutMs } = step;
  if (compensate === undefined) return left(progress, step, { why: 'irreversible' });
  const { compensation, defect } = compensationOf(progress, step);
  if (compensation === undefined) return left(progress, step, { why: 'compensation-failed', error: defect });
  const { input } = compensation;
  const result = await attempt(dependencies, {
    operation: compensate.by,
    input,
    timeoutMs,
    attempts: UNDO_ATTEMPTS,
    deadline,
  });
  if (result.kind === 'answer') return undefined;
  const later = compensate.supersededBy?.[factsOf(result.error).code];
  if (later !== undefined && isAccountedFor(later)) return undefined;
  return { ...left(progress, step, { why: 'compensation-failed', error: result.error }), compensation };
}

/** A command whose answer was lost is sent again with its key: it is then answered from memory, or done now. */
function learn({ dependencies }: Progress, { step, input }: Sent, deadline: number) {
  const { operation, timeoutMs } = step;
  return attempt(dependencies, {
    operation,
    input,
    timeoutMs,
    attempts: UNDO_ATTEMPTS,
    deadline,
    mayBeDone: true,
  });
}

function compensationOf(progress: Progress, step: Step) {
  const { compensate } = step;
  if (compensate === undefined) return {};
  try {
    const idempotencyKey = commandKey(progress.keys, step.name, true);
    const input = { ...compensate.input(contextOf(progress)), idempotencyKey };
    return { compensation: { operation: compensate.by.pattern, input } };
  } catch (error) {
    return { defect: error };
  }
}

function left(
  { saga, keys }: Progress,
  step: Step,
  { why, error }: { why: Unresolved['why']; error?: unknown },
): Unresolved {
  return {
    saga: saga.name,
    step: step.name,
    why,
    operation: step.operation.pattern,
    idempotencyKey: commandKey(keys, step.name),
    reason: error === undefined ? why : factsOf(error).code,
  };
}
