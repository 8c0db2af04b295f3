/** What bounds a wait. */
export interface Limits {
  /** Fires when nobody waits any more. */
  readonly signal: Pick<AbortSignal, 'aborted' | 'reason' | 'addEventListener' | 'removeEventListener'>;
  /** On the cache's clock, in milliseconds. */
  readonly deadline: number;
}

/** What is cached under a key of its own: a whole answer, or one item of a query by ids. */
export interface CacheEntry {
  readonly key: string;
  /** What it depends on, to be outdated by. */
  readonly tags: readonly string[];
}

/** An entry as it was fetched. */
export interface Loaded {
  readonly json: Buffer;
  /** The same, parsed, where that is at hand. */
  readonly value?: unknown;
  /** How old it was when it was fetched, in milliseconds. Default 0. */
  readonly ageMs?: number;
}

/** What is asked of a service, as far as a cache has to know. */
export interface Lookup {
  /** For metrics. */
  readonly operation: string;
  readonly entries: readonly CacheEntry[];
  /** How long an answer counts as fresh, in milliseconds; 0 for one that is never cached. */
  readonly ttlMs: number;
  /** For how long after that it may be served while a new one is fetched, in milliseconds. */
  readonly staleMs: number;
  /** True for what belongs to one caller: it never leaves the process. */
  readonly isPersonal: boolean;
  /** True where each answer has a lifetime of its own, which other processes cannot know: it never leaves the process either. */
  readonly hasOwnLifetimes?: boolean;
  /** Whether the value is looked into; else only its JSON is wanted. */
  readonly isRead: boolean;
  /** Fetches some of the entries in one call. An entry that the service does not know is left out. */
  readonly load: (entries: readonly CacheEntry[], limits: Limits) => Promise<ReadonlyMap<string, Loaded>>;
  /** Whether `error` says that the service could not answer, rather than that it refused. */
  readonly isUnavailable: (error: unknown) => boolean;
  /** The error for who has waited too long. */
  readonly late: () => Error;
}

export type Source = 'fresh' | 'cached' | 'stale';
