import { POSITIVE_COUNT, POSITIVE_MS, withDefaults, type NumericOptions } from '@facet/contracts';
import { checkAbilities, type Ability } from './abilities.js';
import type { IncomingRequest } from './incoming-request.js';
import { checkPort } from './options.js';

export interface WireServerOptions extends Partial<ServerBounds> {
  /** The address to listen on. 127.0.0.1: who wants to be reached from outside says so. */
  readonly host?: string;
  /** 0, the default, takes a free one; `address()` tells which. */
  readonly port?: number;
  /** Told to clients of ours in the handshake: name, version, instance. */
  readonly info?: Readonly<Record<string, string>>;
  /** What the handshake says that its handlers can do, as they do it. None. */
  readonly abilities?: readonly Ability[];
  /** Whether the times of a request are collected although its client does not ask for them. */
  readonly collectsTimes?: (request: IncomingRequest) => boolean;
  /** Told of each request that is over: answered, refused or given up. */
  readonly onHandled?: (handled: HandledRequest) => void;
  /** Gets what cannot be answered: defects of handlers, events without a handler, connections that broke. */
  readonly onError?: (error: unknown) => void;
}

/** Times in milliseconds. Each bound is a number above 0. */
export interface ServerBounds {
  /** The largest frame, in and out, in bytes. 1 MiB. */
  readonly maxFrameBytes: number;
  /** Connections; more are closed at once. 1024. */
  readonly maxConnections: number;
  /** Requests that handlers work on at once; more wait. 1024. */
  readonly maxConcurrent: number;
  /** Requests that wait; more are shed, low priority first. 8192. */
  readonly maxWaiting: number;
  /** The requests held, working or waiting, together in bytes. 128 MiB. */
  readonly maxHeldBytes: number;
  /** Replies that one peer has not read: over it its requests are shed, at twice as much it is cut off. 64 MiB. */
  readonly maxUnsentBytes: number;
  /** How long a frame may stay half received without a further byte. 10,000. */
  readonly partialFrameTimeoutMs: number;
  /** After this long without a byte TCP asks whether the peer's machine is there. 15,000. */
  readonly keepAliveMs: number;
}

const bounds: NumericOptions<ServerBounds> = {
  defaults: {
    maxFrameBytes: 1024 * 1024,
    maxConnections: 1024,
    maxConcurrent: 1024,
    maxWaiting: 8192,
    maxHeldBytes: 128 * 1024 * 1024,
    maxUnsentBytes: 64 * 1024 * 1024,
    partialFrameTimeoutMs: 10_000,
    keepAliveMs: 15_000,
  },
  ranges: {
    maxFrameBytes: POSITIVE_COUNT,
    maxConnections: POSITIVE_COUNT,
    maxConcurrent: POSITIVE_COUNT,
    maxWaiting: POSITIVE_COUNT,
    maxHeldBytes: POSITIVE_COUNT,
    maxUnsentBytes: POSITIVE_COUNT,
    partialFrameTimeoutMs: POSITIVE_MS,
    keepAliveMs: POSITIVE_MS,
  },
};

/** A request that is over. Times are on the clock of `performance.now()`; when it was read is `request.receivedAt`. */
export interface HandledRequest {
  readonly request: IncomingRequest;
  /** When its handler began; 0 where it never did. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** `ok`, or the code of its fault; `internal` for a defect. */
  readonly code: string;
  /** The HTTP status that its fault has; 200 for `ok`, 500 where the fault has none. */
  readonly status: number;
}

export type CheckedServerOptions = ServerBounds &
  Required<Omit<WireServerOptions, 'collectsTimes' | 'onHandled'>> &
  Pick<WireServerOptions, 'collectsTimes' | 'onHandled'>;

/** Throws a RangeError that names an option which is faulty or does not exist. */
export function checkServerOptions(options: WireServerOptions): CheckedServerOptions {
  const { host = '127.0.0.1', port = 0, info = {}, abilities = [], ...more } = options;
  const { collectsTimes, onHandled, onError = () => undefined, ...given } = more;
  checkPort('WireServer', port, 0);
  checkAbilities('WireServer', abilities);
  return {
    ...{ ...withDefaults('WireServer', bounds, given), host, port, info, abilities, onError },
    ...(collectsTimes && { collectsTimes }),
    ...(onHandled && { onHandled }),
  };
}
