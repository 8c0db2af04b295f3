import type { Operation } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { RemoteError, TransportError } from '@facet/transport';
import type { Endpoint } from './attempt.js';
import { fault, remoteCode } from './faults.js';
import type { RequestOutcome } from './policies/breaker.js';
import { wireFailures } from './wire-failures.js';

/** So much earlier than the deadline a caller's own timer for the same instant may fire, in ms. */
const EARLY_MS = 5;

/**
 * Whether a call that was given up at `now` had all its time. A caller that waits no longer than the deadline, as a part
 * of an aggregation does, gives up at that instant: what it gave up is late, and nobody cancelled it.
 */
function hadItsTime(deadline: number, now: number): boolean {
  return now >= deadline - EARLY_MS;
}

// One of each for all: making an error each time costs more than the rest of a cancellation.
const left = new TransportError('transport.cancelled', 'nobody waits any more', { written: true });
const late = new TransportError('transport.deadline', 'given up at its deadline', { written: true });

/** What an attempt came to that its caller gave up at `now`: a time-out, where that was its deadline. */
export function leftError(deadline: number, now: number): TransportError {
  return hadItsTime(deadline, now) ? late : left;
}

/** The fault of a call that its caller gave up at `now`. */
export function leftFault(service: string, deadline: number, now: number): Fault {
  if (hadItsTime(deadline, now)) return fault('upstream.timeout', { service, policy: 'timeout' });
  return fault('request.cancelled', { service, policy: 'caller' });
}

/** Whether the caller left before there was an answer, which says nothing about the service. */
export function isCancelled(error: unknown): error is TransportError | Fault {
  if (error instanceof Fault) return error.code === 'request.cancelled';
  return error instanceof TransportError && error.code === 'transport.cancelled';
}

/** Whether time ran out before the work was done: this end or the service says so. */
export function isLate(error: unknown): boolean {
  if (error instanceof RemoteError) return remoteCode(error) === 'transport.deadline';
  return error instanceof TransportError && error.code === 'transport.deadline';
}

/** Whether the instance answered that it cannot serve at all. */
export function isOutage(error: unknown): boolean {
  return error instanceof RemoteError && error.isOutage;
}

/** When the service wants to be asked again, in ms from its answer; 0 where it did not say. */
export function retryAfterMsOf(error: unknown): number {
  if (!(error instanceof RemoteError)) return 0;
  const { retryAfterMs } = (error.payload ?? {}) as { retryAfterMs?: unknown };
  return typeof retryAfterMs === 'number' && retryAfterMs > 0 ? retryAfterMs : 0;
}

/**
 * Whether `error` counts against the instance. A business error never does; a time-out only if it had time enough; the end
 * of a connection once, however many calls it costs.
 */
export function isSick(error: unknown, tookMs: number, timeoutCountsAfterMs: number): boolean {
  if (isOutage(error)) return true;
  const wasSent = !(error instanceof TransportError) || error.written;
  if (isLate(error)) return wasSent && tookMs >= timeoutCountsAfterMs;
  return error instanceof TransportError && !error.collateral && wireFailures[error.code].sick === true;
}

/**
 * Whether the operation may be sent again after `error`: always where no byte of it was written or the service says
 * that it never began; after a loss only if it is a query. A command with an idempotency key is repeated by the caller that
 * chose the key, never here.
 */
export function mayRepeat(error: unknown, operation: Operation): boolean {
  if (isOutage(error)) return operation.kind === 'query';
  if (error instanceof RemoteError) return remoteCode(error) === 'transport.overloaded';
  if (!(error instanceof TransportError)) return false;
  if (isRedirect(error) || error.code === 'transport.overloaded') return true;
  if (!error.written && wireFailures[error.code].notBegun === true) return true;
  return operation.kind === 'query' && wireFailures[error.code].lost === true;
}

/**
 * Whether the instance was the wrong one to ask: it does not know the operation, does not serve this request, or is about to
 * stop. Asking another is no extra load.
 */
export function isRedirect(error: unknown): boolean {
  if (!(error instanceof TransportError)) return false;
  if (isUnknownPattern(error) || isNotServed(error)) return true;
  return error.code === 'transport.draining' && !error.written;
}

/**
 * Whether the instance does not serve this one request, as HTTP's 405 and 501 say. That is nothing it says of the operation, so
 * that it is still asked for others; each instance is sent such a request once.
 */
export function isNotServed(error: unknown): boolean {
  return error instanceof TransportError && error.code === 'transport.not-served';
}

/** Whether the instance does not know the operation: it is left out for that from now on. */
export function isUnknownPattern(error: unknown): boolean {
  return error instanceof TransportError && error.code === 'transport.no-handler';
}

/** Whether sending again is no extra load: elsewhere, or what was lost with a connection that spoke nonsense. */
export function isFreeToRepeat(error: unknown): boolean {
  if (isRedirect(error)) return true;
  return error instanceof TransportError && error.collateral && error.code === 'transport.corrupt-frame';
}

/** Whether the service failed a request: what a breaker counts. That there is no instance to ask is not its concern. */
export function isUpstreamFailure(error: unknown): boolean {
  if (isOutage(error)) return true;
  if (error instanceof RemoteError) return isLate(error) || remoteCode(error) === 'transport.overloaded';
  return error instanceof TransportError && !error.collateral && wireFailures[error.code].failing === true;
}

/** What went wrong with one request, and at which instance. */
export interface Failure {
  readonly error: unknown;
  readonly instance: Endpoint;
}

/**
 * What a request and its hedge say of the service, whose failures these are; nothing where nothing was sent. Each instance
 * is judged by itself: one that was taken out for its failures answers for them itself.
 */
export function requestOutcome(failures: readonly Failure[], now: number): RequestOutcome {
  if (failures.length === 0) return 'neither';
  const counted = failures.filter(({ error }) => isUpstreamFailure(error));
  if (counted.some(({ instance }) => !instance.isEjected(now))) return 'failed';
  return failures.some(({ error }) => isCancelled(error)) ? 'neither' : 'ok';
}

/** A short name of what became of an attempt, for events. */
export function outcomeOf(error: unknown): string {
  if (isLate(error)) return 'transport.deadline';
  if (isOutage(error)) return 'outage';
  if (error instanceof RemoteError)
    return remoteCode(error) === 'transport.overloaded' ? 'overloaded' : 'remote';
  if (error instanceof TransportError || error instanceof Fault) return error.code;
  return 'defect';
}
