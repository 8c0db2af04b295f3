import type { Operation } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { RemoteError, TransportError } from '@facet/transport';
import { remoteCode } from './faults.js';

/** Failures that say something about the instance or the way to it. */
const sick = new Set([
  'transport.connect-failed',
  'transport.connect-timeout',
  'transport.handshake-timeout',
  'transport.closed',
  'transport.corrupt-frame',
  'transport.queue-full',
]);

const failing = new Set([...sick, 'transport.deadline', 'transport.overloaded']);

/** Refused before any work began, so that another instance may be asked whatever the operation is. */
const notBegun = new Set([
  'transport.connect-failed',
  'transport.connect-timeout',
  'transport.handshake-timeout',
  'transport.closed',
  'transport.draining',
  'transport.pending-full',
  'transport.queue-full',
  'transport.corrupt-frame',
]);

/** Lost on the way or on the other side: a query may be sent again. */
const lost = new Set(['transport.closed', 'transport.corrupt-frame', 'transport.deadline']);

/** Whether `error` counts against the instance. A business error never does; a time-out only if it had time enough. */
export function isSick(error: unknown, tookMs: number, timeoutCountsAfterMs: number): boolean {
  if (!(error instanceof TransportError)) return false;
  if (error.code === 'transport.deadline') return error.written && tookMs >= timeoutCountsAfterMs;
  return sick.has(error.code);
}

/**
 * Whether the operation may be sent again after `error`: always where no byte of it was written or the service says
 * that it never began; after a loss only if it is a query. A command with an idempotency key is repeated by whoever
 * chose the key, never here.
 */
export function mayRepeat(error: unknown, operation: Operation): boolean {
  if (error instanceof RemoteError) return remoteCode(error) === 'transport.overloaded';
  if (!(error instanceof TransportError)) return false;
  if (isRedirect(error) || error.code === 'transport.overloaded') return true;
  if (!error.written && notBegun.has(error.code)) return true;
  return operation.kind === 'query' && lost.has(error.code);
}

/** Whether the instance was the wrong one to ask. Asking another is no extra load, and the first is left out from now on. */
export function isRedirect(error: unknown): boolean {
  return error instanceof TransportError && error.code === 'transport.no-handler';
}

/** Whether the service failed a request: what a breaker counts. That there is no instance to ask is not its concern. */
export function isUpstreamFailure(error: unknown): boolean {
  if (error instanceof RemoteError) return remoteCode(error) === 'transport.overloaded';
  if (error instanceof TransportError) return failing.has(error.code);
  return false;
}

/** A short name of what became of an attempt, for events. */
export function outcomeOf(error: unknown): string {
  if (error instanceof RemoteError)
    return remoteCode(error) === 'transport.overloaded' ? 'overloaded' : 'remote';
  if (error instanceof TransportError || error instanceof Fault) return error.code;
  return 'defect';
}
