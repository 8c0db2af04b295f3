import type { Operation } from '@facet/contracts';
import type { OutgoingCall, Peer, ReplyHandler, TransportError } from '@facet/transport';
import type { Address } from '../address.js';

/** How the instances of a service are reached. Everything above it is the same for every kind. */
export interface Kind {
  readonly name: KindName;
  /** The largest answer, in bytes; one over it fails its own call. */
  readonly maxAnswerBytes: number;
  /**
   * What a request is sent with as `OutgoingCall.pattern`, made once for each operation. Throws a RangeError that names the
   * operation where it cannot be called in this way.
   */
  message(operation: Operation): OutgoingCall['pattern'];
  /** One way to the instance at `address`. */
  open(address: Address): KindChannel;
}

export type KindName = 'tcp' | 'http' | 'nest';

/**
 * What many calls to one instance share: for TCP the `Channel` of @facet/transport. It connects once: after `close`
 * another one is opened. Every failure of its own is a `TransportError`, every error that the service answered with a
 * `RemoteError`.
 */
export interface KindChannel {
  /** Requests are sent while it is `ready`. */
  readonly state: string;
  /** How many requests wait for an answer. */
  readonly pending: number;
  /** Whether a request that is made now leaves with others. */
  readonly hasPendingWrite: boolean;
  connect(): Promise<Peer>;
  /** A round trip through the instance's event loop; rejects where no answer came in time. */
  ping(timeoutMs: number): Promise<unknown>;
  /** Takes no new calls, waits for the answers to those that it has, then closes. */
  drain(): Promise<void>;
  destroy(): void;
  /**
   * Sends a request whose answer `handler` gets, within `call.timeoutMs`. Returns its id, for `cancel`. Throws a
   * `TransportError` where the request is refused; nothing of it was written then.
   */
  send(call: OutgoingCall, handler: ReplyHandler): number;
  /** Gives a request up: its handler hears nothing any more, and the work behind it ends where the kind can do that. */
  cancel(id: number): void;
  on(event: 'close', listener: (reason?: TransportError) => void): unknown;
  /** The instance asks for no new requests here. */
  on(event: 'drain', listener: () => void): unknown;
}
