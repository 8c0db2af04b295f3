import type { Caller } from '@facet/contracts';
import type { Times } from './handler-times.js';

/** What a handler knows of the request beside its input. */
export interface ServiceContext {
  /** Fires when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Milliseconds until the answer is of no more use; undefined where the caller set no deadline. */
  timeLeftMs(): number | undefined;
  /** Who asks, proven; undefined where this service was started without `verifyCaller`. */
  readonly caller?: Caller;
  readonly traceparent?: string;
}

/** What the transport tells of a request. A stock server's context has none of it. */
export interface WireContext {
  readonly signal?: AbortSignal;
  timeLeftMs?(): number | undefined;
  readonly caller?: string;
  readonly traceparent?: string;
  readonly fields?: readonly string[];
  readonly first?: { readonly list: string; readonly count: number };
  /** Takes what the handler reports of its work, where somebody asks for it. */
  readonly times?: Times | undefined;
}

const never = new AbortController().signal;

/** Callers by the request that they were proven for. */
const callers = new WeakMap<object, Caller>();

export function rememberCaller(wire: WireContext, caller: Caller): void {
  callers.set(wire, caller);
}

export function contextOf(wire: WireContext): ServiceContext {
  const caller = callers.get(wire);
  return {
    signal: wire.signal ?? never,
    timeLeftMs: () => wire.timeLeftMs?.(),
    ...(caller === undefined ? {} : { caller }),
    ...(wire.traceparent === undefined ? {} : { traceparent: wire.traceparent }),
  };
}
