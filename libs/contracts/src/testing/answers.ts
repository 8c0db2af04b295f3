import { dispatchOf, type Answer, type Call, type Dispatch } from '../call.js';
import type { Operation, OutputOf, ParsedInputOf } from '../operation.js';

/** What a service answers in a spec. */
export interface SpecAnswer {
  readonly operation: Operation;
  readonly answer: (input: unknown) => unknown;
}

/**
 * An operation with what it answers: a value, or a function of the input. By ids, a value holds all items there are,
 * and a call gets those that it asks for.
 */
export function answer<O extends Operation>(
  operation: O,
  given: OutputOf<O> | ((input: ParsedInputOf<O>) => OutputOf<O>),
): SpecAnswer {
  if (typeof given === 'function') {
    return { operation, answer: given as (input: unknown) => unknown };
  }
  return { operation, answer: (input) => onlyAsked(operation, given, input) };
}

function onlyAsked(operation: Operation, given: unknown, input: unknown): unknown {
  const { byIds } = operation;
  if (byIds === undefined) return given;
  const ids = (input as Record<string, readonly unknown[]>)[byIds.ids] ?? [];
  const value = given as Record<string, readonly Record<string, unknown>[]>;
  return { ...value, [byIds.items]: value[byIds.items]?.filter((item) => ids.includes(item[byIds.key])) };
}

/** Services that answer as told. Both sides are held to the contract, so that a spec cannot drift from it. */
export function servicesOf(answers: readonly SpecAnswer[]): Dispatch {
  const call = (operation: Operation, input: unknown): Promise<Answer<unknown>> => {
    const known = answers.find((one) => one.operation.pattern === operation.pattern);
    if (known === undefined) {
      return Promise.reject(new Error(`the spec gives no answer for ${operation.pattern}`));
    }
    return new Promise((resolve) => {
      const parsed = operation.input.parse(input);
      const value = operation.output.parse(known.answer(parsed));
      resolve({ value, source: 'fresh', ageMs: 0 });
    });
  };
  return dispatchOf(call as Call);
}
