import { TransportError, type TransportCode } from './errors.js';

const MASKED = Object.freeze({ status: 'error', message: 'Internal server error' });
/** What an end says to a client whose request it could not answer. What only a client meets is a defect here. */
const STATUS: Readonly<Record<TransportCode, number>> = {
  'transport.connect-failed': 500,
  'transport.connect-timeout': 500,
  'transport.handshake-timeout': 500,
  'transport.closed': 500,
  'transport.draining': 500,
  'transport.pending-full': 500,
  'transport.queue-full': 500,
  'transport.corrupt-frame': 500,
  'transport.no-handler': 500,
  'transport.not-served': 500,
  'transport.redirected': 500,
  'transport.deadline': 504,
  'transport.cancelled': 499,
  'transport.overloaded': 503,
  'transport.unserialisable': 500,
  'transport.frame-too-large': 500,
};

/** The `err` of a reply to what a handler threw, and whether it is a defect that the client must not see. */
export interface WireError {
  readonly err: unknown;
  readonly masked: boolean;
}

/**
 * Errors that have a form for the wire say so: `toWire()`, or `getError()` as Nest's RpcException has it. What is thrown
 * and no `Error`, as Nest's exception filters throw it, is sent as it is. Any other `Error` is masked as Nest does it.
 */
export function toWireError(error: unknown): WireError {
  if (error instanceof TransportError) return { err: transportFault(error), masked: false };
  const { toWire, getError } = asThrown(error);
  if (typeof toWire === 'function') return { err: toWire.call(error), masked: false };
  if (typeof getError === 'function') return { err: rpcError(getError.call(error)), masked: false };
  if (error instanceof Error || !error) return { err: MASKED, masked: true };
  return { err: error, masked: false };
}

function transportFault({ code, message }: TransportError): object {
  return { code, status: STATUS[code], message };
}

function rpcError(error: unknown): unknown {
  return typeof error === 'object' && error !== null ? error : { status: 'error', message: error };
}

function asThrown(error: unknown): { toWire?: () => unknown; getError?: () => unknown } {
  return typeof error === 'object' && error !== null ? error : {};
}
