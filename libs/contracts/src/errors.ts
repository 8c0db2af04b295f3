/** The code, status and text of an error of any origin. */
export interface ErrorFacts {
  /** Stable: what programs decide by. */
  readonly code: string;
  /** The HTTP status that it stands for. */
  readonly status: number;
  /** Safe to show to a client. */
  readonly message: string;
  readonly retryAfterMs?: number;
  /** The fields of the input that were refused. */
  readonly fields?: unknown;
}

/** The codes of what goes wrong between the client and the services: aggregations and sagas share them. */
export const errorCodes = {
  /** Something had no answer when its time was up. */
  timeout: 'aggregation.timeout',
  /** Nobody waits for the answer any more. */
  cancelled: 'aggregation.cancelled',
  /** Our own code failed: an input, a shape, or an error without a code. */
  defect: 'aggregation.defect',
} as const;

/** An error without a code is a defect of ours. Its own message is not shown. */
const defect: ErrorFacts = { code: errorCodes.defect, status: 500, message: 'The answer could not be made' };

/** Reads an error by its shape, whichever class it is of. */
export function factsOf(error: unknown): ErrorFacts {
  const { code, status, message, retryAfterMs, fields } = (
    typeof error === 'object' && error !== null ? error : {}
  ) as Partial<Record<keyof ErrorFacts, unknown>>;
  if (typeof code !== 'string' || typeof status !== 'number') return defect;
  return {
    code,
    status,
    message: typeof message === 'string' ? message : code,
    ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}),
    ...(fields === undefined ? {} : { fields }),
  };
}

/** A final answer of the service, about which the caller can do something. Any other error is a service that failed. */
export function isRefusal(facts: ErrorFacts, declared: Readonly<Record<string, number>>): boolean {
  if (facts.status < 400 || facts.status >= 500) return false;
  return Object.hasOwn(declared, facts.code) || facts.status === 403 || facts.status === 404;
}

export interface CodedErrorOptions {
  /** The service that was asked. */
  readonly service?: string;
  readonly cause?: unknown;
}

/** An error with a meaning for a client: `code` and `status` are stable, `message` is safe to show. */
export class CodedError extends Error {
  override readonly name: string = 'CodedError';
  readonly code: string;
  readonly status: number;
  readonly retryAfterMs?: number;
  readonly fields?: unknown;
  readonly service?: string;

  constructor(facts: ErrorFacts, { service, cause }: CodedErrorOptions = {}) {
    super(facts.message, cause === undefined ? undefined : { cause });
    this.code = facts.code;
    this.status = facts.status;
    if (facts.retryAfterMs !== undefined) this.retryAfterMs = facts.retryAfterMs;
    if (facts.fields !== undefined) this.fields = facts.fields;
    if (service !== undefined) this.service = service;
  }
}

/** An error with a code of its own as it is; what it makes of a defect is in `cause`. */
export function asCodedError(error: unknown): CodedError {
  return error instanceof CodedError ? error : new CodedError(factsOf(error), { cause: error });
}

export function timeoutError(what: string, ms: number): CodedError {
  const message = `${what} gave no answer within ${Math.round(ms)} ms`;
  return new CodedError({ code: errorCodes.timeout, status: 504, message });
}

/** A reason with a code (a deadline of the request's own) is kept; every other one means that the client left. */
export function cancelledError(reason: unknown): CodedError {
  const facts = factsOf(reason);
  if (facts !== defect) return new CodedError(facts, { cause: reason });
  const late = reason instanceof Error && reason.name === 'TimeoutError';
  return new CodedError(
    late
      ? { code: errorCodes.timeout, status: 504, message: 'The time for the answer is up' }
      : { code: errorCodes.cancelled, status: 499, message: 'Nobody waits for the answer any more' },
    { cause: reason },
  );
}
