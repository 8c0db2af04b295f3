import { CodedError, factsOf, isRefusal, type ErrorFacts } from '@facet/contracts';
import { KEY_REUSED } from './command.js';
import type { Saga, Step } from './saga.js';

/**
 * Something that a failed saga left behind. `irreversible`: the step is done and has no compensation.
 * `outcome-unknown`: nobody can tell whether the step was done; its owner's expiry releases it if it was. `in-doubt`: it
 * is done, and stays so since a later step that cannot be undone may have been done, and the same key again goes on from
 * there; or since the key of a later step came with another input before, so that another run may build on it.
 * `compensation-failed`: the step is done, and undoing it did not succeed.
 */
export interface Unresolved {
  readonly saga: string;
  readonly step: string;
  readonly why: 'irreversible' | 'outcome-unknown' | 'in-doubt' | 'compensation-failed';
  /** The command that was done, or may have been: `payments.authorise`, and the key it was sent with. */
  readonly operation: string;
  readonly idempotencyKey: string;
  /** What would undo it, to be sent as it stands: its input holds its own idempotency key. */
  readonly compensation?: { readonly operation: string; readonly input: unknown };
  /** The code of the last error. */
  readonly reason: string;
}

export interface SagaFailure {
  readonly saga: Saga;
  readonly step: Step;
  readonly error: unknown;
  readonly undone: readonly string[];
  readonly unresolved: readonly Unresolved[];
}

/**
 * Why a saga was given up: `code` and `status` are those of the refusal. Where a service failed, the code is
 * `<saga>.<step>-timeout` (504) or `<saga>.<step>-unavailable` (503).
 */
export class SagaError extends CodedError {
  override readonly name = 'SagaError';
  readonly step: string;
  /** The steps that were undone, in the order of undoing. */
  readonly undone: readonly string[];
  /** What is left behind, each also handed to `record`. Empty where everything is as it was before. */
  readonly unresolved: readonly Unresolved[];

  constructor(failure: SagaFailure) {
    const { step, error, undone, unresolved } = failure;
    super(shownFacts(failure), { service: step.operation.service, cause: error });
    this.step = step.name;
    this.undone = undone;
    this.unresolved = unresolved;
  }
}

/** What a step may end in besides the refusals of its contract: code and HTTP status. */
export function failuresOf({ name }: Pick<Saga, 'name'>, step: Step): Readonly<Record<string, number>> {
  return { [`${name}.${step.name}-timeout`]: 504, [`${name}.${step.name}-unavailable`]: 503 };
}

/**
 * A service that failed us is not described to the client; a refusal is. One that leaves a saga in doubt is no answer to its
 * key, which has to go on: it is given as a service that cannot answer.
 */
function shownFacts({ saga, step, error, unresolved }: SagaFailure): ErrorFacts {
  const facts = factsOf(error);
  const isInDoubt = unresolved.some(({ why }) => why === 'in-doubt') && facts.code !== KEY_REUSED;
  const isRefused = isRefusal(facts, step.operation.errors) || facts.status <= 500;
  if (isRefused && !isInDoubt) return facts;
  const late = facts.status === 504;
  const { service } = step.operation;
  return {
    ...facts,
    code: `${saga.name}.${step.name}-${late ? 'timeout' : 'unavailable'}`,
    status: late ? 504 : 503,
    message:
      `${service} ${late ? 'took too long to answer' : 'cannot answer at present'}; ` +
      (isInDoubt ? 'send it again with the same key to go on.' : 'try again later with a new key.'),
  };
}
