import type { SharedState } from '../../shared/shared-state.js';
import { checkCachePolicy, type CachePolicy } from './cache-policy.js';
import { InFlightFetch, type FetchedEntries, type FetchedEntry } from './in-flight-fetch.js';
import { CachedValue } from './cached-value.js';
import { Memory } from './memory.js';
import { systemClock, type Clock } from '@facet/contracts';
import type { Limits, CacheEntry, Lookup } from './lookup.js';
import { SharedLevel } from './shared-level.js';
import { service, type Level } from './level.js';

/** An entry as it is handed out. */
export interface Found extends FetchedEntry {
  /** Milliseconds since its service made it; 0 for a fresh one. */
  readonly ageMs: number;
}

/**
 * What became of an entry that was asked for. `hit`: cached and fresh. `stale`: cached, and a new one is being fetched.
 * `rescued`: cached, past what its contract allows, as the service cannot answer. `coalesced`: somebody else is fetching
 * it. `shared`: another instance has fetched it. `miss`: fetched.
 */
export type Decision = 'hit' | 'stale' | 'rescued' | 'coalesced' | 'shared' | 'miss';

export interface AnswerCacheOptions {
  readonly policy: CachePolicy;
  readonly shared?: SharedState;
  readonly clock?: Clock;
  /** Told of every decision, by operation. */
  readonly decided?: (operation: string, decision: Decision) => void;
  /** Told of every entry that a change has made void. */
  readonly invalidated?: (operation: string) => void;
  /** Told of the tags whenever something is forgotten, for what others keep that was made from it. */
  readonly forgotten?: (tags: ReadonlySet<string>) => void;
}

/** Somebody's wait, and when it ends where an old answer is at hand. */
interface Waiting {
  readonly limits: Limits;
  readonly patience: number;
}

/** A fetch that was under way already. */
interface Joined {
  readonly inFlight: InFlightFetch;
  readonly lookup: Lookup;
  readonly waiting: Waiting;
  readonly again: () => Promise<FetchedEntries>;
}

/** How long a refresh may take that nobody waits for, in milliseconds. */
const REFRESH_MS = 10_000;
/** Of the time that is left, what is spent on waiting for a service while an old answer is at hand. */
const PATIENCE = 0.5;
/** A fetching that ended so near to its own deadline ended by it, in milliseconds. */
const NEAR_MS = 50;

/**
 * Answers of services, cached as their contracts allow: first in the process, then in what instances share. What is being
 * fetched is fetched once for all who ask, each within its own limits.
 */
export class AnswerCache {
  readonly #policy: Required<CachePolicy>;
  readonly #memory: Memory;
  readonly #shared: SharedLevel | undefined;
  readonly #clock: Clock;
  readonly #inFlight = new Map<string, InFlightFetch>();
  readonly #decided: NonNullable<AnswerCacheOptions['decided']>;
  readonly #invalidated: NonNullable<AnswerCacheOptions['invalidated']>;
  readonly #forgotten: NonNullable<AnswerCacheOptions['forgotten']>;

  /** @throws RangeError where the policy is out of range */
  constructor({ policy, shared, clock = systemClock, decided, invalidated, forgotten }: AnswerCacheOptions) {
    this.#policy = checkCachePolicy(policy);
    this.#memory = new Memory(this.#policy);
    this.#clock = clock;
    this.#shared = shared && this.#policy.shared ? new SharedLevel(shared, clock) : undefined;
    this.#decided = decided ?? (() => undefined);
    this.#invalidated = invalidated ?? (() => undefined);
    this.#forgotten = forgotten ?? (() => undefined);
  }

  /** What the process holds at this moment. */
  get size(): { readonly bytes: number; readonly entries: number } {
    return { bytes: this.#memory.bytes, entries: this.#memory.entries };
  }

  /** All of the entries, where this process has them at once; undefined where one has to be asked for. */
  atHand(lookup: Lookup): readonly Found[] | undefined {
    const found: Found[] = [];
    for (const entry of lookup.entries) {
      const each = this.#peek(lookup, entry);
      if (each === undefined) return undefined;
      found.push(each);
    }
    this.#handOut(lookup, found);
    return found;
  }

  /** The entries in their order; undefined for one that the service does not know. */
  async ask(lookup: Lookup, limits: Limits): Promise<readonly (Found | undefined)[]> {
    const found = lookup.entries.map((entry) => this.#peek(lookup, entry));
    this.#handOut(lookup, found);
    const missing = lookup.entries.filter((_, index) => found[index] === undefined);
    if (missing.length === 0) return found;
    const others = await this.#fetchOrRescue(lookup, missing, limits);
    return found.map((each, index) => each ?? others.get(lookup.entries[index]?.key ?? ''));
  }

  /** Forgets all that depends on one of `tags`, in every instance; what is being fetched now will not be cached. */
  async invalidate(tags: readonly string[]): Promise<void> {
    // In this order: what this process forgets it must not find again in what is shared.
    await this.#shared?.outdate(tags);
    this.forget(tags);
  }

  /** The same in this process alone. */
  forget(tags: readonly string[]): void {
    const outdated = new Set(tags);
    this.#forgotten(outdated);
    for (const tag of outdated) {
      for (const { operation } of this.#memory.drop(tag)) this.#invalidated(operation);
    }
    for (const inFlight of new Set(this.#inFlight.values())) {
      const affected = inFlight.entries.filter(({ tags: own }) => own.some((tag) => outdated.has(tag)));
      for (const { key } of affected) {
        inFlight.outdate(key);
        this.#endFetch(key, inFlight);
      }
    }
  }

  /** How far the changes of a service have been followed, by the last instance that wrote it down. */
  async placeOf(service: string): Promise<string | undefined> {
    return this.#shared?.placeOf(service);
  }

  async follow(service: string, place: string): Promise<void> {
    await this.#shared?.follow(service, place);
  }

  close(): void {
    this.#shared?.close();
  }

  /** Counts what is given out, and has what is old of it fetched anew. */
  #handOut(lookup: Lookup, found: readonly (Found | undefined)[]): void {
    const old: CacheEntry[] = [];
    for (const [index, entry] of lookup.entries.entries()) {
      const source = found[index]?.source;
      if (source === undefined) continue;
      this.#decided(lookup.operation, source === 'stale' ? 'stale' : 'hit');
      if (source === 'stale') old.push(entry);
    }
    if (old.length > 0) this.#refresh(lookup, old);
  }

  #peek({ ttlMs, staleMs, isRead }: Lookup, { key }: CacheEntry): Found | undefined {
    const cached = this.#memory.get(key);
    if (cached === undefined) return undefined;
    const ageMs = this.#clock.now() - cached.madeAt;
    if (ageMs >= ttlMs + staleMs) {
      if (ageMs >= ttlMs + staleMs + this.#policy.staleIfErrorMs) this.#memory.delete(key);
      return undefined;
    }
    const usable = isRead ? cached.toRead() : cached;
    if (usable !== cached) this.#memory.set(key, usable);
    return { cached: usable, source: ageMs < ttlMs ? 'cached' : 'stale', ageMs };
  }

  /** Fetches what is old while it is being served, unless somebody does so already. */
  #refresh(lookup: Lookup, entries: readonly CacheEntry[]): void {
    const idle = entries.filter(({ key }) => this.#inFlightOf(key) === undefined);
    if (idle.length === 0) return;
    this.#startFetch(lookup, idle, this.#clock.now() + REFRESH_MS).hold();
  }

  async #fetchOrRescue(
    lookup: Lookup,
    entries: readonly CacheEntry[],
    limits: Limits,
  ): Promise<ReadonlyMap<string, Found>> {
    const hasReserve = this.#reserveOf(lookup, entries) !== undefined;
    const left = limits.deadline - this.#clock.now();
    const patience = hasReserve ? limits.deadline - left * (1 - PATIENCE) : limits.deadline;
    try {
      return await this.#fetch(lookup, entries, { limits, patience });
    } catch (error) {
      if (limits.signal.aborted || !lookup.isUnavailable(error)) throw error;
      const reserve = this.#reserveOf(lookup, entries);
      if (reserve === undefined) throw error;
      for (const _ of entries) this.#decided(lookup.operation, 'rescued');
      return reserve;
    }
  }

  /** All of the entries, though they are past what their contract allows; undefined where one is missing. */
  #reserveOf(
    { ttlMs, staleMs }: Lookup,
    entries: readonly CacheEntry[],
  ): ReadonlyMap<string, Found> | undefined {
    const latestMs = ttlMs + staleMs + this.#policy.staleIfErrorMs;
    const reserve = new Map<string, Found>();
    for (const { key } of entries) {
      const cached = this.#memory.get(key);
      const ageMs = this.#clock.now() - (cached?.madeAt ?? -Infinity);
      if (cached === undefined || ageMs >= latestMs) return undefined;
      reserve.set(key, { cached, source: 'stale', ageMs });
    }
    return reserve;
  }

  async #fetch(
    lookup: Lookup,
    entries: readonly CacheEntry[],
    waiting: Waiting,
  ): Promise<ReadonlyMap<string, Found>> {
    const { limits, patience } = waiting;
    if (limits.signal.aborted) throw limits.signal.reason as Error;
    const idle: CacheEntry[] = [];
    const joined = new Map<InFlightFetch, CacheEntry[]>();
    for (const entry of entries) {
      const inFlight = this.#inFlightOf(entry.key);
      if (inFlight === undefined) idle.push(entry);
      else joined.set(inFlight, [...(joined.get(inFlight) ?? []), entry]);
    }
    const watch = { signal: limits.signal, deadline: patience, clock: this.#clock, late: lookup.late };
    const found: Promise<readonly (readonly [string, Found])[]>[] = [];
    if (idle.length > 0) {
      const own = this.#startFetch(lookup, idle, limits.deadline);
      // A caller that goes on with an old answer lets the fetch come to its end, which tells whether the service is ill.
      if (patience < limits.deadline) own.hold();
      found.push(own.watch(watch).then((fetched) => this.#foundIn(fetched, idle)));
    }
    for (const [inFlight, own] of joined) {
      for (const _ of own) this.#decided(lookup.operation, 'coalesced');
      const again = () => this.#fetch(lookup, own, waiting);
      const fetching = inFlight
        .watch(watch)
        .catch((error: unknown) => this.#orAgain(error, { inFlight, lookup, waiting, again }));
      // Of a fetch under way only what it was joined for: another entry of it may be outdated.
      found.push(fetching.then((fetched) => this.#foundIn(fetched, own)));
    }
    return new Map((await Promise.all(found)).flat());
  }

  /** A fetching that was begun for somebody with less time may end too early for who has joined it: ask again then. */
  #orAgain(error: unknown, { inFlight, lookup, waiting, again }: Joined): Promise<FetchedEntries> {
    const now = this.#clock.now();
    const endedByItself = now >= inFlight.deadline - NEAR_MS && lookup.isUnavailable(error);
    const mayGoOn = !waiting.limits.signal.aborted && waiting.patience - now >= NEAR_MS;
    if (endedByItself && mayGoOn) return again();
    throw error;
  }

  #foundIn(fetched: FetchedEntries, entries: readonly CacheEntry[]): (readonly [string, Found])[] {
    const now = this.#clock.now();
    return entries.flatMap(({ key }) => {
      const each = fetched.get(key);
      if (each === undefined) return [];
      const ageMs = each.source === 'fresh' ? 0 : Math.max(0, now - each.cached.madeAt);
      return [[key, { ...each, ageMs }] as const];
    });
  }

  #startFetch(lookup: Lookup, entries: readonly CacheEntry[], deadline: number): InFlightFetch {
    const inFlight = new InFlightFetch(entries, deadline);
    for (const { key } of entries) this.#inFlight.set(key, inFlight);
    inFlight.start(async (limits) => {
      try {
        return await this.#fetchFrom(lookup, inFlight, limits);
      } finally {
        for (const { key } of entries) this.#endFetch(key, inFlight);
        inFlight.end();
      }
    });
    return inFlight;
  }

  /** One that everybody has left is as good as over. */
  #inFlightOf(key: string): InFlightFetch | undefined {
    const inFlight = this.#inFlight.get(key);
    return inFlight?.isCancelled === true ? undefined : inFlight;
  }

  #endFetch(key: string, inFlight: InFlightFetch): void {
    if (this.#inFlight.get(key) === inFlight) this.#inFlight.delete(key);
  }

  async #fetchFrom(lookup: Lookup, inFlight: InFlightFetch, limits: Limits): Promise<FetchedEntries> {
    const { operation, ttlMs, isRead } = lookup;
    const { entries } = inFlight;
    const startedAt = this.#clock.now();
    const isOutdated = (key: string) => inFlight.isOutdated(key);
    const level = this.#levelBelow(lookup);
    const loaded = await level.fetch({ lookup, entries, limits, isOutdated });
    const fetched = new Map<string, FetchedEntry>();
    for (const { key, tags } of entries) {
      const entry = loaded.get(key);
      if (entry === undefined) continue;
      const { ageMs } = entry;
      const cached = new CachedValue({ ...entry, operation, madeAt: startedAt - ageMs, tags, isRead });
      // What a service has just answered is not stale, whatever it says of its age.
      const source = ageMs === 0 ? 'fresh' : ageMs < ttlMs || level === service ? 'cached' : 'stale';
      fetched.set(key, { cached, source });
      this.#decided(operation, source === 'fresh' || level === service ? 'miss' : 'shared');
      if (ttlMs > 0 && !isOutdated(key)) this.#memory.set(key, cached);
    }
    return fetched;
  }

  /** What belongs to one caller, or is not cached at all, goes straight to the service. */
  #levelBelow({ isPersonal, hasOwnLifetimes = false, ttlMs }: Lookup): Level {
    const isOwn = isPersonal || hasOwnLifetimes;
    return this.#shared === undefined || isOwn || ttlMs === 0 ? service : this.#shared;
  }
}
