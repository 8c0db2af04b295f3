import {
  CodedError,
  errorCodes,
  factsOf,
  isRefusal,
  type CodedErrorOptions,
  type ErrorFacts,
} from '@facet/contracts';
import type { Part } from './aggregation.js';

/** The codes that this library adds to those of the services and of what calls them. */
export const aggregationCodes = {
  ...errorCodes,
  /** A part was not asked for since a part that it needs is missing. */
  needMissing: 'aggregation.need-missing',
  /** An item of a list was not asked for since the list is longer than its part allows. */
  tooManyItems: 'aggregation.too-many-items',
} as const;

/** As routing says it of a service that cannot be had: what a client is told where the service's own code is not for it. */
const UNAVAILABLE = 'upstream.unavailable';

/** As routing says it of an answer that breaks its contract. */
const BAD_REPLY = 'upstream.bad-reply';

/** Why there is no answer at all. `code` and `status` are stable, `message` is safe to show. */
export class AggregationError extends CodedError {
  override readonly name = 'AggregationError';
  /** The required part that is missing. */
  readonly part?: string;

  constructor(facts: ErrorFacts, { part, ...options }: CodedErrorOptions & { readonly part?: string } = {}) {
    super(facts, options);
    if (part !== undefined) this.part = part;
  }
}

/**
 * Why an answer is missing without this part. A refusal passes through as itself; all else is a service that failed us,
 * too late (504), with an answer that is none (502), or at all (503). The code of a refusal that the contract does not declare is between the gateway and the
 * service: it is in `cause` alone.
 */
export function missingPart({ name, operation }: Part, error: unknown): AggregationError {
  const facts = factsOf(error);
  const { service } = operation;
  const where = { part: name, service, cause: error };
  if (facts.code === aggregationCodes.defect || isRefusal(facts, operation.errors)) {
    return new AggregationError(facts, where);
  }
  const late = facts.status === 504 || facts.status === 408;
  const isUndeclared = facts.status < 500;
  const { retryAfterMs } = facts;
  return new AggregationError(
    {
      code: isUndeclared ? (late ? aggregationCodes.timeout : UNAVAILABLE) : facts.code,
      status: late ? 504 : facts.code === BAD_REPLY ? 502 : 503,
      message: `${service} ${late ? 'took too long to answer' : 'cannot answer at present'}`,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
    where,
  );
}
