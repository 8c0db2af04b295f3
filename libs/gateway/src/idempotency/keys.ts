import { randomUUID } from 'node:crypto';
import type { SharedState } from '../shared/shared-state.js';
import { MemoryIdempotencyStore } from './memory-store.js';
import {
  checkIdempotency,
  type Claim,
  type Claimed,
  type IdempotencyPolicy,
  type IdempotencyStore,
} from './store.js';
import { RedisIdempotencyStore } from './redis-store.js';

export interface IdempotencyKeysOptions {
  readonly policy: IdempotencyPolicy;
  readonly shared: SharedState;
  /** Before every key in Redis: the gateway's own. */
  readonly prefix: string;
  /** Told of what could not be shared; it is then known in this process alone. */
  readonly onError?: (error: unknown) => void;
}

/** A key that was claimed: exactly one of `finish` and `release` is called, once. */
export interface Held {
  /** Keeps what came of it, to be given again. */
  finish(kept: string): Promise<void>;
  /** Lets it be tried again: nothing came of it. */
  release(): Promise<void>;
}

export type Begun = Exclude<Claim, { state: 'new' }> | { readonly state: 'new'; readonly held: Held };

/**
 * Which keys stand for something that is being done, or has been. While Redis is away each instance knows its own: what
 * is done under a key has to be safe by itself then, as sagas are, whose every step carries the key.
 */
export class IdempotencyKeys {
  readonly #memory: IdempotencyStore;
  readonly #shared: IdempotencyStore | undefined;
  readonly #leaseMs: number;
  readonly #onError: (error: unknown) => void;

  constructor({ policy: given, shared, prefix, onError = () => undefined }: IdempotencyKeysOptions) {
    const policy = checkIdempotency(given);
    this.#memory = new MemoryIdempotencyStore(policy);
    this.#shared = shared && new RedisIdempotencyStore(shared, prefix, policy);
    this.#leaseMs = policy.leaseMs;
    this.#onError = onError;
  }

  /** Claims `key` for what `fingerprint` stands for. */
  async begin(key: string, fingerprint: string): Promise<Begun> {
    const claimed = { key, fingerprint, owner: randomUUID() };
    const { store, claim } = await this.#claim(claimed);
    return claim.state === 'new' ? { state: 'new', held: this.#hold(store, claimed) } : claim;
  }

  async #claim(claimed: Claimed): Promise<{ store: IdempotencyStore; claim: Claim }> {
    if (this.#shared !== undefined) {
      try {
        return { store: this.#shared, claim: await this.#shared.claim(claimed) };
      } catch (error) {
        this.#onError(error);
      }
    }
    return { store: this.#memory, claim: await this.#memory.claim(claimed) };
  }

  #hold(store: IdempotencyStore, claimed: Claimed): Held {
    const quietly = (change: Promise<void>) => change.catch(this.#onError);
    const renewal = setInterval(() => void quietly(store.renew(claimed)), this.#leaseMs / 3).unref();
    const end = (change: () => Promise<void>) => {
      clearInterval(renewal);
      return quietly(change());
    };
    return {
      finish: (kept) => end(() => store.finish(claimed, kept)),
      release: () => end(() => store.release(claimed)),
    };
  }
}
