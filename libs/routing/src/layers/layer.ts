import type { Operation, Signal } from '@facet/contracts';
import type { Instance } from '../instances/instance.js';

/** What a gateway knows about a request of its own, and passes on with each call that it makes for it. */
export interface CallContext {
  /** The caller as a short-lived signed assertion. */
  readonly caller?: string;
  /** The trace to continue (W3C Trace Context). */
  readonly traceparent?: string;
  /** Who gives way first when there is too much to do. Default `normal`. */
  readonly priority?: Priority;
}

export type Priority = 'high' | 'normal' | 'low';

/** One call on its way to a service, as the layers see it. */
export interface Outgoing {
  readonly operation: Operation;
  /** Checked against the operation's input. */
  readonly input: unknown;
  /** Whether the answer is wanted as JSON, not parsed. */
  readonly raw: boolean;
  readonly signal: Signal;
  /** On the clock of `performance.now()`, in ms. */
  readonly deadline: number;
  readonly fields?: readonly string[];
  readonly context: CallContext;
  /** The instances that this call has been to. Shared by its repetitions and hedges. */
  readonly tried: Instance[];
}

/** Sends a call and gives the answer's value, or its JSON (a string) where `raw`. */
export type Send = (outgoing: Outgoing) => Promise<unknown>;

/** Something that happens on the way. */
export type Layer = (next: Send) => Send;

/** The first layer is the outermost: what is written first happens first. */
export function stack(layers: readonly Layer[], send: Send): Send {
  return layers.reduceRight((next, layer) => layer(next), send);
}
