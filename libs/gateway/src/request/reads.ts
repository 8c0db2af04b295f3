import type { CacheEntry } from '../cache/store/lookup.js';

/** What one request has read, for who wants to keep its answer: it depends on all of that. */
export class Reads {
  readonly entries: CacheEntry[] = [];
  /** The patterns of the operations whose answers were read. */
  readonly operations: string[] = [];
  /** Whether something was read that is not the same for everybody, or may not be kept at all. */
  isPersonal = false;

  constructor(
    /** How often something had been invalidated when it began. */
    readonly generation: number,
  ) {}
}
