import { Fault, type FaultOptions } from '@facet/platform';
import { RemoteError, TransportError } from '@facet/transport';

/** Every code that routing itself answers with: its HTTP status and what a client may read. */
export const faultCodes = {
  'input.invalid': { status: 400, message: 'The input is not as the operation expects it' },
  'request.cancelled': { status: 499, message: 'The request was cancelled' },
  'upstream.unavailable': { status: 503, message: 'A service that is needed cannot be reached' },
  'upstream.overloaded': { status: 503, message: 'A service that is needed has too much to do' },
  'upstream.timeout': { status: 504, message: 'A service that is needed did not answer in time' },
  'upstream.bad-reply': { status: 502, message: 'A service answered with something that cannot be used' },
  'upstream.no-handler': { status: 502, message: 'A service does not know the operation' },
  'upstream.error': { status: 502, message: 'A service failed' },
} as const;

export type FaultCode = keyof typeof faultCodes;

export function fault(code: FaultCode, options: FaultOptions): Fault {
  const { status, message } = faultCodes[code];
  return new Fault(code, status, message, options);
}

/** What each failure of the wire is to a caller, and which policy refused. */
const wireFaults: Readonly<Record<string, { code: FaultCode; policy: string; retryAfterMs?: number }>> = {
  'transport.connect-failed': { code: 'upstream.unavailable', policy: 'connect', retryAfterMs: 1_000 },
  'transport.connect-timeout': { code: 'upstream.unavailable', policy: 'connect', retryAfterMs: 1_000 },
  'transport.handshake-timeout': { code: 'upstream.unavailable', policy: 'connect', retryAfterMs: 1_000 },
  'transport.closed': { code: 'upstream.unavailable', policy: 'connection', retryAfterMs: 1_000 },
  'transport.draining': { code: 'upstream.unavailable', policy: 'drain', retryAfterMs: 1_000 },
  'transport.pending-full': { code: 'upstream.overloaded', policy: 'connection', retryAfterMs: 1_000 },
  'transport.queue-full': { code: 'upstream.overloaded', policy: 'connection', retryAfterMs: 1_000 },
  'transport.overloaded': { code: 'upstream.overloaded', policy: 'service', retryAfterMs: 1_000 },
  'transport.frame-too-large': { code: 'upstream.bad-reply', policy: 'frame-size' },
  'transport.corrupt-frame': { code: 'upstream.bad-reply', policy: 'wire' },
  'transport.unserialisable': { code: 'upstream.error', policy: 'service' },
  'transport.no-handler': { code: 'upstream.no-handler', policy: 'contract' },
  'transport.deadline': { code: 'upstream.timeout', policy: 'timeout' },
  'transport.cancelled': { code: 'request.cancelled', policy: 'caller' },
};

/** What a caller is told about `error`. What has no meaning for a caller (a defect) is given back as it is. */
export function toFault(error: unknown, service: string): unknown {
  if (error instanceof RemoteError) return remoteFault(error, service);
  if (!(error instanceof TransportError)) return error;
  const known = wireFaults[error.code];
  return known === undefined ? error : fault(known.code, { ...known, service, cause: error });
}

/** The code that a service of ours answered with, if it did. */
export function remoteCode(error: RemoteError): string | undefined {
  return Fault.fromWire(error.payload)?.code;
}

function remoteFault(error: RemoteError, service: string): Fault {
  const ours = Fault.fromWire(error.payload, service);
  const own = ours?.code.startsWith('transport.') ? wireFaults[ours.code] : undefined;
  if (ours !== undefined && own !== undefined) {
    const { retryAfterMs = own.retryAfterMs } = ours;
    return fault(own.code, { service, policy: own.policy, cause: error, ...optional({ retryAfterMs }) });
  }
  return ours ?? stockFault(error, service);
}

/**
 * A stock Nest service's error: a string, or an object as its author threw it (`RpcException`, often the response of
 * an HttpException). A status from 400 to 499, 503 or 504 in `status`, `statusCode` or `code` is meant for the caller
 * and kept, with its message; everything else is the service's own trouble: 502, and nothing of it is shown.
 */
function stockFault(error: RemoteError, service: string): Fault {
  const payload = typeof error.payload === 'object' && error.payload !== null ? error.payload : {};
  const { status, statusCode, code, message } = payload as Record<string, unknown>;
  const usable = [status, statusCode, code].find(isForCaller);
  if (usable === undefined) return fault('upstream.error', { service, cause: error });
  const name =
    typeof code === 'string' && /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(code) ? code : 'upstream.error';
  const text = Array.isArray(message) ? message.join('; ') : message;
  const shown = usable < 500 && typeof text === 'string' ? text : faultCodes['upstream.error'].message;
  return new Fault(name, usable, shown, { service, cause: error });
}

function isForCaller(value: unknown): value is number {
  if (typeof value !== 'number' || !Number.isInteger(value)) return false;
  return (value >= 400 && value <= 499) || value === 503 || value === 504;
}

function optional<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
