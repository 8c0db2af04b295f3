import type { AxiosResponse } from 'axios';
import { RemoteError, TransportError, type TransportCode } from '@facet/transport';

/** Where the JSON of an answer lies; an error where there is none. */
export type Reply = Buffer | TransportError | RemoteError;

const NOTHING = Buffer.alloc(0);
const MAX_TEXT = 1_000;
const MAX_FIELDS = 100;

/** What a response means, by the same table as what a TCP service answers. */
export function replyOf({ status, headers, data }: AxiosResponse<Buffer>): Reply {
  const type = String(headers['content-type'] ?? '').toLowerCase();
  const encoding = String(headers['content-encoding'] ?? 'identity');
  if (encoding !== 'identity')
    return failed('transport.corrupt-frame', `sent ${encoding}, which nobody asked for`);
  if (status >= 200 && status < 300) return answerOf(data, type);
  if (status < 400)
    return failed('transport.redirected', `answered ${status}, and redirects are not followed`);
  if (status === 405 || status === 501) return failed('transport.not-served', `answered ${status}`);
  const retryAfterMs = retryAfterOf(headers['retry-after']);
  const { message, ...payload } = payloadOf(data, type);
  return new RemoteError(
    {
      ...payload,
      // The text of a failure is for the service's own log.
      ...(status < 500 && { message }),
      ...{ status, ...(retryAfterMs !== undefined && { retryAfterMs }) },
    },
    { isOutage: status >= 502 && status <= 504 },
  );
}

/** JSON as it came, unparsed; a plain text as JSON. */
function answerOf(data: Buffer, type: string): Reply {
  if (data.length === 0) return NOTHING;
  if (type.startsWith('text/') && !isJson(type)) return Buffer.from(JSON.stringify(data.toString('utf8')));
  return data;
}

/**
 * What an error body says: RFC 9457 problems, Nest's and Fastify's errors (`message`, maybe a list), or a plain text. The
 * status is the response's, whatever the body says.
 */
function payloadOf(data: Buffer, type: string): Record<string, unknown> {
  if (type.startsWith('text/plain')) return { message: data.toString('utf8', 0, MAX_TEXT) };
  const body = isJson(type) ? parsed(data) : undefined;
  if (typeof body === 'string') return { message: body };
  if (typeof body !== 'object' || body === null) return {};
  const { code, detail, title, message, fields, errors } = body as Record<string, unknown>;
  return {
    message: detail ?? message ?? title,
    ...(typeof code === 'string' && { code }),
    fields: fieldsOf(fields ?? errors),
  };
}

/** The fields that a problem names: by `field`, or as in RFC 9457 by a JSON pointer with a `detail`. */
function fieldsOf(errors: unknown): readonly object[] | undefined {
  if (!Array.isArray(errors)) return undefined;
  return errors.slice(0, MAX_FIELDS).map((each: unknown) => {
    const { field, pointer, message, detail } = (each ?? {}) as Record<string, unknown>;
    const path = typeof pointer === 'string' ? pointer.replace(/^#?\//, '').replaceAll('/', '.') : undefined;
    return { field: field ?? path, message: message ?? detail };
  });
}

function isJson(type: string): boolean {
  return /^[^;]*[/+]json\s*(?:;|$)/.test(type);
}

function parsed(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'));
  } catch {
    return undefined;
  }
}

const MAX_WAIT_MS = 24 * 60 * 60_000;

/** Seconds, or a date. */
export function retryAfterOf(value: unknown, now = Date.now()): number | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), MAX_WAIT_MS);
}

/** Nothing of the request has reached an instance. */
const UNREACHED = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EMFILE'],
  ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ...['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_GET_ISSUER_CERT', 'CERT_HAS_EXPIRED'],
  ...['ERR_TLS_CERT_ALTNAME_INVALID', 'EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER'],
]);

/** What kept a response from coming. */
export function failureOf(error: unknown): TransportError {
  const { code = '', message } = error as { code?: string; message: string };
  if (UNREACHED.has(code)) return failed('transport.connect-failed', message, error, false);
  if (message.startsWith('maxContentLength'))
    return failed('transport.frame-too-large', 'sent an answer that is too large', error);
  if (code.startsWith('HPE_')) return failed('transport.corrupt-frame', 'sent what is no HTTP', error);
  if (isStale(error))
    return new TransportError('transport.closed', message, { written: true, collateral: true });
  if (code === 'ERR_INVALID_CHAR') return failed('transport.unserialisable', message, error, false);
  return failed('transport.closed', message, error);
}

/** The instance closed a kept connection in the moment in which it was used again, which says nothing of its health. */
function isStale(error: unknown): boolean {
  const { code, request } = error as { code?: string; request?: { reusedSocket?: boolean } };
  return request?.reusedSocket === true && (code === 'ECONNRESET' || code === 'EPIPE');
}

function failed(code: TransportCode, message: string, cause?: unknown, written = true): TransportError {
  return new TransportError(code, message, { written, cause: withoutRequest(cause) });
}

/** axios hangs the request with its headers, secrets among them, on its errors. */
function withoutRequest(cause: unknown): unknown {
  if (!(cause instanceof Error)) return cause;
  const { code } = cause as NodeJS.ErrnoException;
  return Object.assign(new Error(cause.message), code === undefined ? {} : { code });
}
