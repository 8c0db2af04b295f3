import type { FirstOf, Priority, Signal } from '@facet/contracts';

/** One request through a channel. What is marked (ours) is sent to a peer of ours alone; a stock one never sees it. */
export interface OutgoingCall {
  /** Nest's message pattern. */
  readonly pattern: string | object;
  readonly data: unknown;
  /** Ends the call here at once, and the work behind it where the peer can cancel. */
  readonly signal?: Signal;
  /** Milliseconds left for an answer. Kept here, and sent along (ours) as time left, so that clocks may differ. */
  readonly timeoutMs?: number;
  /** A proof of who is calling, as the service checks it (ours). */
  readonly caller?: string;
  /** W3C trace context (ours). */
  readonly traceparent?: string;
  /** The fields of the answer that are read, as paths (ours). */
  readonly fields?: readonly string[];
  /** Of one list of the answer, the first elements alone (ours, where the peer can: `Peer.first`). */
  readonly first?: FirstOf;
  /** The server says how long its queue, its handler and its SQL took (ours, where the peer can: `Peer.times`). */
  readonly times?: boolean;
  /** What an overloaded server lets go first (ours); `normal` where absent. */
  readonly priority?: Priority;
  /** Nest's own metadata: `TcpContext.getMetadata()` in a stock service. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What a client of ours sent along with a request. */
export interface IncomingContext {
  readonly timeLeftMs: number | undefined;
  readonly caller: string | undefined;
  readonly traceparent: string | undefined;
  readonly priority: Priority;
  readonly fields: readonly string[] | undefined;
  readonly first: FirstOf | undefined;
  readonly times: boolean;
}
