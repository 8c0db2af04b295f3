import type { Limits, Loaded, CacheEntry, Lookup } from './lookup.js';

/** An entry with its age in milliseconds; 0 for one that was just fetched. */
export interface Aged extends Loaded {
  readonly ageMs: number;
}

export type LoadedEntries = ReadonlyMap<string, Aged>;

export interface FetchRequest {
  readonly lookup: Lookup;
  readonly entries: readonly CacheEntry[];
  readonly limits: Limits;
  /** Whether what is fetched may be older than a change that has become known meanwhile. */
  readonly isOutdated: (key: string) => boolean;
}

/** Where entries come from that the process does not hold. */
export interface Level {
  fetch(request: FetchRequest): Promise<LoadedEntries>;
}

/** The service itself. */
export const service: Level = {
  async fetch({ lookup, entries, limits }) {
    const loaded = await lookup.load(entries, limits);
    return new Map([...loaded].map(([key, entry]) => [key, { ...entry, ageMs: entry.ageMs ?? 0 }]));
  },
};
