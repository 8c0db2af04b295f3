import type { TransportCode } from '@facet/transport';
import type { FaultCode } from './fault-codes.js';

/** What one failure of the wire means to callers, retries, breaker and health. */
export interface WireFailure {
  /** To the caller: the fault it becomes, and which policy refused. */
  readonly code: FaultCode;
  readonly policy: string;
  readonly retryAfterMs?: number;
  /** To the instance: whether it says something about the instance or the way to it. */
  readonly sick?: true;
  /** To the breaker: whether the service failed the request. */
  readonly failing?: true;
  /** To a repetition: where no byte was written, nothing has begun, so that any operation may be sent again. */
  readonly notBegun?: true;
  /** To a repetition: lost on the way or on the other side, so that a query may be sent again. */
  readonly lost?: true;
}

const unavailable = { code: 'upstream.unavailable', retryAfterMs: 1_000 } as const;
const overloaded = { code: 'upstream.overloaded', retryAfterMs: 1_000 } as const;
const unreachable = { ...unavailable, policy: 'connect', sick: true, failing: true, notBegun: true } as const;

export const wireFailures: Readonly<Record<TransportCode, WireFailure>> = {
  'transport.connect-failed': unreachable,
  'transport.connect-timeout': unreachable,
  'transport.handshake-timeout': unreachable,
  'transport.closed': {
    ...unavailable,
    policy: 'connection',
    sick: true,
    failing: true,
    notBegun: true,
    lost: true,
  },
  'transport.draining': { ...unavailable, policy: 'drain', notBegun: true },
  'transport.pending-full': { ...overloaded, policy: 'connection', notBegun: true },
  'transport.queue-full': { ...overloaded, policy: 'connection', sick: true, failing: true, notBegun: true },
  'transport.overloaded': { ...overloaded, policy: 'service', failing: true },
  'transport.frame-too-large': { code: 'upstream.bad-reply', policy: 'frame-size' },
  'transport.corrupt-frame': {
    code: 'upstream.bad-reply',
    policy: 'wire',
    sick: true,
    failing: true,
    notBegun: true,
    lost: true,
  },
  'transport.redirected': { code: 'upstream.bad-reply', policy: 'redirect' },
  'transport.unserialisable': { code: 'upstream.error', policy: 'service' },
  'transport.no-handler': { code: 'upstream.no-handler', policy: 'contract' },
  'transport.not-served': { code: 'upstream.no-handler', policy: 'contract' },
  'transport.deadline': { code: 'upstream.timeout', policy: 'timeout', failing: true, lost: true },
  'transport.cancelled': { code: 'request.cancelled', policy: 'caller' },
};

/** What a code that a service answered with means, if it is one of the wire. */
export function wireFailureOf(code: string): WireFailure | undefined {
  return Object.hasOwn(wireFailures, code) ? wireFailures[code as TransportCode] : undefined;
}
