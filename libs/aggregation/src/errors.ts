import { CodedError, errorCodes, type CodedErrorOptions, type ErrorFacts } from '@facet/contracts';

/** The codes that this library adds to those of the services and of what calls them. */
export const aggregationCodes = {
  ...errorCodes,
  /** A part was not asked for since a part that it needs is missing. */
  needMissing: 'aggregation.need-missing',
} as const;

/** As routing says it of a service that cannot be had: what a client is told where the service's own code is not for it. */
export const UNAVAILABLE = 'upstream.unavailable';

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
