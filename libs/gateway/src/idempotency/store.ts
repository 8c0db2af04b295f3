import { withDefaults, type NumericOptions } from '@facet/contracts';

/** What a key may be claimed for, and what came of it. */
export interface IdempotencyPolicy {
  /** How long an answer is given again for its key, in milliseconds. Default 86,400,000: 24 hours. */
  readonly keepMs?: number;
  /**
   * How long a gateway that has died keeps a key from being tried again, in milliseconds. A living one renews its claim.
   * Default 5,000.
   */
  readonly leaseMs?: number;
  /** What one process keeps without Redis, in bytes; the longest unused is forgotten first. Default 32 MiB. */
  readonly maxBytes?: number;
}

const idempotency: NumericOptions<Required<IdempotencyPolicy>> = {
  defaults: { keepMs: 86_400_000, leaseMs: 5_000, maxBytes: 32 * 1024 * 1024 },
  ranges: {
    keepMs: { min: 1_000, integer: true },
    leaseMs: { min: 100, integer: true },
    maxBytes: { min: 1_024, integer: true },
  },
};

/** @throws RangeError that names the option and what it got */
export function checkIdempotency(given: IdempotencyPolicy): Required<IdempotencyPolicy> {
  return withDefaults('idempotency', idempotency, given);
}

/** What a claim of a key has found. */
export type Claim =
  /** Nobody has it: it is the claimer's until finished, released or run out. */
  | { readonly state: 'new' }
  /** Somebody is at it. */
  | { readonly state: 'running' }
  /** It stands for something else. */
  | { readonly state: 'other' }
  /** It is done: what was kept of it. */
  | { readonly state: 'done'; readonly kept: string };

/** One claim of a key. `owner` is new for each try; `fingerprint` is the same for the same thing to do. */
export interface Claimed {
  readonly key: string;
  readonly owner: string;
  readonly fingerprint: string;
}

/** Where it is known which keys are taken. */
export interface IdempotencyStore {
  claim(claimed: Claimed): Promise<Claim>;
  /** Holds on to a claim for another lease. */
  renew(claimed: Claimed): Promise<void>;
  /** Keeps what came of it. */
  finish(claimed: Claimed, kept: string): Promise<void>;
  /** Lets it be tried again. */
  release(claimed: Claimed): Promise<void>;
}
