import { LRUCache } from 'lru-cache';
import type { Claim, Claimed, IdempotencyPolicy, IdempotencyStore } from './store.js';

interface Running {
  readonly fingerprint: string;
  readonly owner: string;
  readonly until: number;
}

interface Done {
  readonly fingerprint: string;
  readonly kept: string;
}

/**
 * In this process alone. What is being done is known until it has ended, however much else is asked for: as many as there are
 * requests. Of what is done, the longest unused is forgotten first.
 */
export class MemoryIdempotencyStore implements IdempotencyStore {
  readonly #running = new Map<string, Running>();
  readonly #done: LRUCache<string, Done>;

  constructor(private readonly policy: Required<IdempotencyPolicy>) {
    this.#done = new LRUCache({
      maxSize: policy.maxBytes,
      sizeCalculation: ({ fingerprint, kept }, key) =>
        2 * (key.length + fingerprint.length + kept.length) + 100,
    });
  }

  claim({ key, fingerprint, owner }: Claimed): Promise<Claim> {
    const running = this.#running.get(key);
    const isRunning = running !== undefined && running.until > performance.now();
    const known = isRunning ? running : this.#done.get(key);
    if (known === undefined) {
      this.#run({ key, fingerprint, owner });
      return Promise.resolve({ state: 'new' });
    }
    if (known.fingerprint !== fingerprint) return Promise.resolve({ state: 'other' });
    return Promise.resolve('kept' in known ? { state: 'done', kept: known.kept } : { state: 'running' });
  }

  renew(claimed: Claimed): Promise<void> {
    if (this.#isOwn(claimed)) this.#run(claimed);
    return Promise.resolve();
  }

  finish(claimed: Claimed, kept: string): Promise<void> {
    const { key, fingerprint } = claimed;
    if (this.#isOwn(claimed)) {
      this.#running.delete(key);
      this.#done.set(key, { fingerprint, kept }, { ttl: this.policy.keepMs });
    }
    return Promise.resolve();
  }

  release(claimed: Claimed): Promise<void> {
    if (this.#isOwn(claimed)) this.#running.delete(claimed.key);
    return Promise.resolve();
  }

  #run({ key, fingerprint, owner }: Claimed): void {
    this.#running.set(key, { fingerprint, owner, until: performance.now() + this.policy.leaseMs });
  }

  /** Also true where it has run out and nobody has claimed it since. */
  #isOwn({ key, owner }: Claimed): boolean {
    const running = this.#running.get(key);
    return running === undefined ? !this.#done.has(key) : running.owner === owner;
  }
}
