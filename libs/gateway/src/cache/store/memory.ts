import { LRUCache } from 'lru-cache';
import type { CachedValue } from './cached-value.js';

export interface MemoryOptions {
  readonly maxBytes: number;
  readonly maxEntries: number;
}

/** What this process holds, the least lately used going first, and what of it depends on which tag. */
export class Memory {
  readonly #lru: LRUCache<string, CachedValue>;
  readonly #byTag = new Map<string, Set<string>>();

  constructor({ maxBytes, maxEntries }: MemoryOptions) {
    this.#lru = new LRUCache<string, CachedValue>({
      max: maxEntries,
      maxSize: maxBytes,
      sizeCalculation: (cached, key) => cached.bytes(key),
      dispose: (cached, key) => this.#unlink(key, cached),
    });
  }

  get bytes(): number {
    return this.#lru.calculatedSize;
  }

  get entries(): number {
    return this.#lru.size;
  }

  get(key: string): CachedValue | undefined {
    return this.#lru.get(key);
  }

  /** What is larger than all the room there is, is not cached. */
  set(key: string, cached: CachedValue): void {
    this.#lru.set(key, cached);
    if (!this.#lru.has(key)) return;
    for (const tag of cached.tags) {
      const keys = this.#byTag.get(tag) ?? new Set();
      this.#byTag.set(tag, keys.add(key));
    }
  }

  delete(key: string): void {
    this.#lru.delete(key);
  }

  /** Forgets all that depends on `tag`, and gives it back. */
  drop(tag: string): readonly CachedValue[] {
    const keys = [...(this.#byTag.get(tag) ?? [])];
    const dropped = keys.flatMap((key) => this.#lru.peek(key) ?? []);
    for (const key of keys) this.#lru.delete(key);
    return dropped;
  }

  #unlink(key: string, { tags }: CachedValue): void {
    for (const tag of tags) {
      const keys = this.#byTag.get(tag);
      keys?.delete(key);
      if (keys?.size === 0) this.#byTag.delete(tag);
    }
  }
}
