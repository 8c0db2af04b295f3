import type { Caller, Context } from './aggregation.js';
import type { Means } from './attempt.js';
import type { KeyParts } from './saga-key.js';
import type { Saga, Step } from './saga.js';

/** How far one run of a saga has come. */
export interface Progress {
  readonly saga: Saga;
  readonly means: Means;
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
