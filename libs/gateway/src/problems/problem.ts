import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { CodedError } from '@facet/contracts';
import { Fault, type FieldFault } from '@facet/platform';
import { TransportError } from '@facet/transport';

/** An error as a client sees it (RFC 9457). Nothing in it comes from inside. */
export interface Problem {
  /** `urn:facet:problem:` and the code. */
  readonly type: string;
  /** The phrase of the status. */
  readonly title: string;
  readonly status: number;
  /** Stable: what programs decide by. */
  readonly code: string;
  readonly detail: string;
  /** The fields of the input that were refused. */
  readonly fields?: readonly FieldFault[];
  /** The service that is missing. */
  readonly service?: string;
  readonly traceId?: string;
}

/** What becomes of an error: the problem, and when to come back, in whole seconds. */
export interface Refusal {
  readonly problem: Problem;
  readonly retryAfterSeconds?: number;
  /** What refused it on the way to a service (`breaker`, `no-instance`…): for the log alone. */
  readonly policy?: string;
  /** The code underneath, where the client is told another: for the log alone. */
  readonly reason?: string;
  /** What was wrong with what a service answered: the field and its fault, or the service's own error. For the log alone. */
  readonly cause?: string;
  /** True where the error is a defect of ours and belongs into the log with its stack. */
  readonly defect: boolean;
}

/** The one place where errors become HTTP. What has no meaning for a caller becomes a 500 that says nothing. */
export function refusalOf(error: unknown, traceId?: string): Refusal {
  const facts = factsOf(error);
  const { status, code, detail, fields, service, retryAfterMs } = facts ?? {
    ...defect,
    fields: undefined,
    service: undefined,
    retryAfterMs: undefined,
  };
  const problem: Problem = {
    type: `urn:facet:problem:${code}`,
    title: STATUS_CODES[status] ?? (status === 499 ? 'Client Closed Request' : 'Error'),
    status,
    code,
    detail,
    ...(fields === undefined || fields.length === 0 ? {} : { fields }),
    ...(service === undefined || status < 500 ? {} : { service }),
    ...(traceId === undefined ? {} : { traceId }),
  };
  const waitMs = retryAfterMs ?? (status === 503 ? 1_000 : undefined);
  const policy = policyOf(error);
  const reason = reasonOf(error, code);
  const cause = SAYS_WHY.has(code) ? causeOf(error) : undefined;
  return {
    problem,
    ...(policy === undefined ? {} : { policy }),
    ...(reason === undefined ? {} : { reason }),
    ...(cause === undefined ? {} : { cause }),
    defect: facts === undefined || status === 500,
    ...(waitMs === undefined ? {} : { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)) }),
  };
}

/** The problem that a client sees of an error. */
export function problemOf(error: unknown): Problem {
  return refusalOf(error).problem;
}

/** Of the fault itself, or of the one that an aggregation's error was made from. */
function policyOf(error: unknown): string | undefined {
  if (error instanceof Fault && error.policy !== undefined) return error.policy;
  return error instanceof Error && error.cause !== undefined ? policyOf(error.cause) : undefined;
}

/** Of the error that an aggregation's was made from; undefined where it is the same. */
function reasonOf(error: unknown, shown: string): string | undefined {
  const cause = error instanceof CodedError ? error.cause : undefined;
  const { code } = (cause ?? {}) as { code?: unknown };
  return typeof code === 'string' && code !== shown ? code : undefined;
}

/** The codes under which a client is told nothing of what a service did. */
const SAYS_WHY = new Set(['upstream.bad-reply', 'upstream.error']);

const MAX_CAUSES = 8;
const MAX_CAUSE_LENGTH = 300;

/** What the innermost error says: where a contract was broken and how, or what a service's error says. Never an answer's value. */
function causeOf(error: unknown): string | undefined {
  let at = error;
  for (let causes = 0; causes < MAX_CAUSES && at instanceof Error && at.cause instanceof Error; causes++)
    at = at.cause;
  if (at === error || !(at instanceof Error)) return undefined;
  const { code } = at as { code?: unknown };
  const told =
    at instanceof TransportError && typeof code === 'string' ? `${code}: ${at.message}` : at.message;
  return told.slice(0, MAX_CAUSE_LENGTH);
}

const defect = { status: 500, code: 'internal', detail: 'Something went wrong here; it has been recorded.' };

interface Facts {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly fields?: readonly FieldFault[] | undefined;
  readonly service?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** Undefined for whatever is not meant for a caller. */
function factsOf(error: unknown): Facts | undefined {
  if (error instanceof Fault || error instanceof CodedError) {
    const { status, code, message, service, retryAfterMs } = error;
    if (status === 500) return undefined;
    return { status, code, detail: message, fields: error.fields as Facts['fields'], service, retryAfterMs };
  }
  if (error instanceof HttpException) return exceptionFacts(error);
  const { statusCode, code } = error as { statusCode?: unknown; code?: unknown };
  const ofFastify = typeof statusCode === 'number' && typeof code === 'string' && code.startsWith('FST_');
  return ofFastify && statusCode < 500 ? httpFacts(statusCode) : undefined;
}

/** A controller's own refusal, in its own words. Those of a 5xx are about the inside, and are kept there. */
function exceptionFacts(exception: HttpException): Facts | undefined {
  const status = exception.getStatus();
  if (status === 500) return undefined;
  const facts = httpFacts(status);
  const said = saidBy(exception);
  return status > 500 || said === '' || said === STATUS_CODES[status] ? facts : { ...facts, detail: said };
}

/** Nest's own pipes give a list of what they refuse beside a message that says nothing. */
function saidBy(exception: HttpException): string {
  const { message = exception.message } = Object(exception.getResponse()) as { message?: unknown };
  return Array.isArray(message) ? message.join('; ') : String(message);
}

/** What HTTP itself refuses: the code follows from the status, `http.not-found`, `http.payload-too-large`. */
export function httpFacts(status: number): Facts {
  const phrase = STATUS_CODES[status] ?? 'error';
  const code = `http.${phrase.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`;
  return { status, code, detail: details[status] ?? phrase };
}

const details: Readonly<Record<number, string>> = {
  400: 'The request cannot be read.',
  404: 'There is nothing under this address.',
  405: 'This address does not take this method; the Allow header names those it takes.',
  408: 'The request was not complete in time.',
  413: 'The body is larger than this gateway takes.',
  414: 'The address is longer than this gateway takes.',
  415: 'A body must be application/json, and not compressed.',
  431: 'The headers are larger than this gateway takes.',
  503: 'This cannot be answered at present.',
};
