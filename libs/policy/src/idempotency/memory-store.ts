import { LRUCache } from 'lru-cache';
import type { Claim, Claimed, IdempotencyPolicy, IdempotencyStore } from './once.js';

interface Entry {
  readonly fingerprint: string;
  readonly owner: string;
  readonly kept?: string;
}

/** In this process alone. */
export class MemoryIdempotencyStore implements IdempotencyStore {
  readonly #entries: LRUCache<string, Entry>;

  constructor(private readonly policy: Required<IdempotencyPolicy>) {
    this.#entries = new LRUCache({
      maxSize: policy.maxBytes,
      sizeCalculation: ({ fingerprint, kept = '' }, key) =>
        2 * (key.length + fingerprint.length + kept.length) + 100,
    });
  }

  claim({ key, fingerprint, owner }: Claimed): Promise<Claim> {
    const known = this.#entries.get(key);
    if (known === undefined) {
      this.#entries.set(key, { fingerprint, owner }, { ttl: this.policy.leaseMs });
      return Promise.resolve({ state: 'new' });
    }
    if (known.fingerprint !== fingerprint) return Promise.resolve({ state: 'other' });
    return Promise.resolve(
      known.kept === undefined ? { state: 'running' } : { state: 'done', kept: known.kept },
    );
  }

  renew({ key, fingerprint, owner }: Claimed): Promise<void> {
    if (this.#isOwn(key, owner)) {
      this.#entries.set(key, { fingerprint, owner }, { ttl: this.policy.leaseMs });
    }
    return Promise.resolve();
  }

  finish({ key, fingerprint, owner }: Claimed, kept: string): Promise<void> {
    if (this.#isOwn(key, owner)) {
      this.#entries.set(key, { fingerprint, owner, kept }, { ttl: this.policy.keepMs });
    }
    return Promise.resolve();
  }

  release({ key, owner }: Claimed): Promise<void> {
    if (this.#isOwn(key, owner)) this.#entries.delete(key);
    return Promise.resolve();
  }

  /** Also true where it has run out and nobody has claimed it since. */
  #isOwn(key: string, owner: string): boolean {
    const known = this.#entries.get(key);
    return known === undefined || known.owner === owner;
  }
}
