/** The codes that this library adds to those of the services and of what calls them. */
export const aggregationCodes = {
  /** A part, or a step, had no answer when its time was up. */
  timeout: 'aggregation.timeout',
  /** Nobody waits for the answer any more. */
  cancelled: 'aggregation.cancelled',
  /** Our own code failed: an input, a shape, or an error without a code. */
  defect: 'aggregation.defect',
  /** A part was not asked for since a part that it needs is missing. */
  needMissing: 'aggregation.need-missing',
} as const;

/** As routing says it of a service that cannot be had: what a client is told where the service's own code is not for it. */
export const UNAVAILABLE = 'upstream.unavailable';

/** What an error says of itself, whoever made it. */
export interface ErrorFacts {
  readonly code: string;
  readonly status: number;
  readonly message: string;
  readonly retryAfterMs?: number;
  readonly fields?: unknown;
}

/** Reads an error by its shape; one without a code and a status is a defect, and its message is not shown. */
export function factsOf(error: unknown): ErrorFacts {
  const { code, status, message, retryAfterMs, fields } = (
    typeof error === 'object' && error !== null ? error : {}
  ) as Partial<Record<keyof ErrorFacts, unknown>>;
  if (typeof code !== 'string' || typeof status !== 'number') {
    return { code: aggregationCodes.defect, status: 500, message: 'The answer could not be made' };
  }
  return {
    code,
    status,
    message: typeof message === 'string' ? message : code,
    ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}),
    ...(fields === undefined ? {} : { fields }),
  };
}

/** Ours and final: the caller can do something about it. Everything else is a service that failed us. */
export function isRefusal(facts: ErrorFacts, declared: Readonly<Record<string, number>>): boolean {
  if (facts.status < 400 || facts.status >= 500) return false;
  return facts.code in declared || facts.status === 403 || facts.status === 404;
}

/** Why there is no answer at all. `code` and `status` are stable, `message` is safe to show. */
export class AggregationError extends Error {
  override readonly name: string = 'AggregationError';
  readonly code: string;
  readonly status: number;
  readonly retryAfterMs?: number;
  readonly fields?: unknown;
  /** The required part that is missing. */
  readonly part?: string;
  /** The service that it was asked of. */
  readonly service?: string;

  constructor(facts: ErrorFacts, options: { part?: string; service?: string; cause?: unknown } = {}) {
    super(facts.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = facts.code;
    this.status = facts.status;
    if (facts.retryAfterMs !== undefined) this.retryAfterMs = facts.retryAfterMs;
    if (facts.fields !== undefined) this.fields = facts.fields;
    if (options.part !== undefined) this.part = options.part;
    if (options.service !== undefined) this.service = options.service;
  }
}

/** An error as this library's own; what it makes of a defect is in `cause`. */
export function asAggregationError(error: unknown): AggregationError {
  return error instanceof AggregationError ? error : new AggregationError(factsOf(error), { cause: error });
}

export function timeoutError(what: string, ms: number): AggregationError {
  const message = `${what} gave no answer within ${Math.round(ms)} ms`;
  return new AggregationError({ code: aggregationCodes.timeout, status: 504, message });
}

/** A reason with a code (a deadline of the request's own) is kept; every other one is somebody who left. */
export function cancelledError(reason: unknown): AggregationError {
  const facts = factsOf(reason);
  if (facts.code !== aggregationCodes.defect) return new AggregationError(facts, { cause: reason });
  const late = reason instanceof Error && reason.name === 'TimeoutError';
  return new AggregationError(
    late
      ? { code: aggregationCodes.timeout, status: 504, message: 'The time for the answer is up' }
      : { code: aggregationCodes.cancelled, status: 499, message: 'Nobody waits for the answer any more' },
    { cause: reason },
  );
}
