import { Fault, type FaultOptions } from '@facet/platform';
import { AnswerRefused } from '@facet/reader';
import { RemoteError, TransportError } from '@facet/transport';
import { faultCodes, type FaultCode } from './fault-codes.js';
import { validationFaults } from './validation-faults.js';
import { wireFailureOf, wireFailures, type WireFailure } from './wire-failures.js';

export function fault(code: FaultCode, options: FaultOptions): Fault {
  const { status, message } = faultCodes[code];
  return new Fault(code, status, message, options);
}

/** What a caller is told about `error`. What has no meaning for a caller (a defect) is given back as it is. */
export function toFault(error: unknown, service: string): unknown {
  if (error instanceof RemoteError) return remoteFault(error, service);
  if (!(error instanceof TransportError)) return error;
  return wireFault(wireFailures[error.code], { service, cause: error });
}

/** An answer that breaks its contract as the fault that it is; any other error as it is. */
export function asBadReply(error: unknown, service: string): unknown {
  if (!(error instanceof AnswerRefused)) return error;
  return fault('upstream.bad-reply', { service, policy: 'contract', cause: error });
}

/** The same fault with everything that led to it as its cause, where that is more than one failure. */
export function withCauses(error: unknown, causes: readonly unknown[]): unknown {
  if (!(error instanceof Fault) || causes.length < 2) return error;
  const { code, status, message, fields, retryAfterMs, service, policy } = error;
  return new Fault(code, status, message, {
    ...(fields && { fields }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(service !== undefined && { service }),
    ...(policy !== undefined && { policy }),
    cause: new AggregateError(causes, `${causes.length} requests failed`),
  });
}

/** The code that a service of ours answered with, if it did. */
export function remoteCode(error: RemoteError): string | undefined {
  return Fault.fromWire(error.payload)?.code;
}

function remoteFault(error: RemoteError, service: string): Fault {
  const ours = Fault.fromWire(error.payload, service);
  if (ours === undefined) return stockFault(error, service);
  const own = wireFailureOf(ours.code);
  if (own === undefined) return ours;
  const { retryAfterMs } = ours;
  return wireFault(own, { service, cause: error, ...(retryAfterMs !== undefined && { retryAfterMs }) });
}

function wireFault({ code, policy, retryAfterMs }: WireFailure, given: FaultOptions): Fault {
  return fault(code, { policy, ...(retryAfterMs !== undefined && { retryAfterMs }), ...given });
}

/**
 * A stock Nest service's error: a string, or an object as its author threw it (`RpcException`, often the response of
 * an HttpException). A status from 400 to 499, 503 or 504 in `status`, `statusCode` or `code` is meant for the caller
 * and kept, with its message; everything else is the service's own trouble: 502, and nothing of it is shown.
 */
function stockFault(error: RemoteError, service: string): Fault {
  const payload = typeof error.payload === 'object' && error.payload !== null ? error.payload : {};
  const { status, statusCode, code, message = payload } = payload as Record<string, unknown>;
  const refused = validationFaults(message);
  const usable = [status, statusCode, code].find(isForCaller) ?? (refused && 400);
  const { retryAfterMs, fields = [] } = bounded({ fields: refused, ...payload });
  const given = { service, cause: error, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  if (usable === undefined) return fault('upstream.error', given);
  const name =
    typeof code === 'string' && code.length <= 100 && /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(code)
      ? code
      : 'upstream.error';
  const text = refused ? listed(refused.map((each) => each.message)) : textOf(message);
  const shown = usable < 500 && text !== undefined ? text : faultCodes['upstream.error'].message;
  return new Fault(name, usable, shown, {
    ...given,
    ...(fields.length > 0 && usable < 500 && { fields }),
  });
}

/** What may be taken over of what a peer sent beside its text. */
function bounded(payload: object): Pick<Fault, 'fields' | 'retryAfterMs'> {
  return Fault.fromWire({ ...payload, code: 'x', status: 400, message: '' }) ?? {};
}

/** Nest's own exceptions carry one text or a list of them; a peer may send anything. */
function textOf(message: unknown): string | undefined {
  if (typeof message === 'string') return message.slice(0, MAX_TEXT);
  if (!Array.isArray(message)) return undefined;
  const texts = message.slice(0, MAX_TEXTS).filter((each): each is string => typeof each === 'string');
  return texts.length === 0 ? undefined : listed(texts);
}

function listed(texts: readonly string[]): string {
  return texts.join('; ').slice(0, MAX_TEXT);
}

const MAX_TEXT = 1_000;
const MAX_TEXTS = 20;

function isForCaller(value: unknown): value is number {
  if (typeof value !== 'number' || !Number.isInteger(value)) return false;
  return (value >= 400 && value <= 499) || value === 503 || value === 504;
}
