import { POSITIVE_COUNT, POSITIVE_MS, withDefaults, type NumericOptions } from '@facet/contracts';

/** What one request and one client may cost before any code of a route runs. */
export interface LimitsPolicy {
  /** Connections in all; one more is closed at once. Default 20,000. */
  readonly connections?: number;
  /** Connections of one address, trusted proxies excepted. Default 1,000. */
  readonly connectionsPerAddress?: number;
  /** All headers together; more is a 431. Default 16,384. */
  readonly headerBytes?: number;
  /** The address with its query; more is a 414. Default 8,192. */
  readonly urlCharacters?: number;
  /** A body; more is a 413. `MAX_BODY_BYTES` says otherwise for one deployment. Default 262,144. */
  readonly bodyBytes?: number;
  /** How deep JSON may be nested; deeper is a 400. Default 32. */
  readonly jsonDepth?: number;
  /** Fields and elements of one body, all levels together; more is a 400. Default 10,000. */
  readonly jsonValues?: number;
  /** From connecting until all headers are there; later is a 408. Default 5,000. */
  readonly headersMs?: number;
  /** …and until the body is. Default 14,000. */
  readonly requestMs?: number;
  /**
   * How long a connection stays open between two requests. Longer than the balancer before the gateway keeps its own idle
   * ones, or it writes into one that is closed just then. Default 75,000.
   */
  readonly keepAliveMs?: number;
  /** How long, after the time for an answer is over, its client may still read of it; then it is cut off. Default 60,000. */
  readonly readMs?: number;
}

export type RequestLimits = Readonly<Required<LimitsPolicy>>;

const WHOLE_MS = { ...POSITIVE_MS, integer: true };

const limits: NumericOptions<RequestLimits> = {
  defaults: {
    connections: 20_000,
    connectionsPerAddress: 1_000,
    headerBytes: 16_384,
    urlCharacters: 8_192,
    bodyBytes: 262_144,
    jsonDepth: 32,
    jsonValues: 10_000,
    headersMs: 5_000,
    requestMs: 14_000,
    keepAliveMs: 75_000,
    readMs: 60_000,
  },
  ranges: {
    connections: POSITIVE_COUNT,
    connectionsPerAddress: POSITIVE_COUNT,
    headerBytes: POSITIVE_COUNT,
    urlCharacters: POSITIVE_COUNT,
    bodyBytes: POSITIVE_COUNT,
    jsonDepth: POSITIVE_COUNT,
    jsonValues: POSITIVE_COUNT,
    headersMs: WHOLE_MS,
    requestMs: WHOLE_MS,
    keepAliveMs: WHOLE_MS,
    readMs: WHOLE_MS,
  },
};

/** @throws RangeError that names the limit and what it got */
export function checkLimits(given: LimitsPolicy | undefined): RequestLimits {
  const checked = withDefaults('limits', limits, given);
  if (checked.requestMs < checked.headersMs) {
    throw new RangeError(
      `limits.requestMs: got ${checked.requestMs}, expected at least headersMs, ${checked.headersMs}`,
    );
  }
  return checked;
}
