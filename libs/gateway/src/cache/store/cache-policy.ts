import { checkNames, COUNT, POSITIVE_COUNT, withDefaults, type NumericOptions } from '@facet/contracts';

/** How a gateway keeps what services have answered. For how long is said by the contracts, never here. */
export interface CachePolicy {
  /** What one process may hold: keys, JSON and what was parsed of it, in bytes. Default 64 MiB. */
  readonly maxBytes?: number;
  /** How many answers one process may hold; of a query by ids each id counts. Default 20,000. */
  readonly maxEntries?: number;
  /**
   * How long after the end of what its contract allows an answer may still be served where the service cannot answer
   * (unreachable, overloaded, too slow), in milliseconds. Never for a refusal. Default 0: not at all.
   */
  readonly staleIfErrorMs?: number;
  /** Whether instances share, over Redis where there is one, what is the same for everybody. Default true. */
  readonly shared?: boolean;
}

const numbers: NumericOptions<Required<Omit<CachePolicy, 'shared'>>> = {
  defaults: { maxBytes: 64 * 1024 * 1024, maxEntries: 20_000, staleIfErrorMs: 0 },
  ranges: {
    maxBytes: { min: 1_024, integer: true },
    maxEntries: POSITIVE_COUNT,
    staleIfErrorMs: COUNT,
  },
};

/** @throws RangeError that names the option and what it got */
export function checkCachePolicy(given: CachePolicy): Required<CachePolicy> {
  checkNames('cache', given, [...Object.keys(numbers.defaults), 'shared']);
  const { shared = true, ...rest } = given;
  if (typeof shared !== 'boolean')
    throw new RangeError(`cache.shared: got ${String(shared)}, expected true or false`);
  return { ...withDefaults('cache', numbers, rest), shared };
}
