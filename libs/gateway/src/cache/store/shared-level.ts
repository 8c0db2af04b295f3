import { createHash, randomUUID } from 'node:crypto';
import type { SharedRedis } from '@facet/platform/redis';
import { AvailabilityGuard } from '../../shared/availability-guard.js';
import { service, type Level, type FetchRequest, type Aged, type LoadedEntries } from './level.js';
import type { Clock } from '@facet/contracts';
import type { Limits, CacheEntry, Lookup } from './lookup.js';
import { claim, settle } from './scripts.js';

/** For how long one instance may be the one that fetches, before another takes its turn, in milliseconds. */
const LEASE_MS = 2_000;
/** Between two looks at what another instance fetches, in milliseconds; doubled each time up to the last. */
const LOOK_MS = { first: 15, last: 200 };
/** Tags outlive every entry, or an entry of long ago could pass for one of now. */
const MAX_LIFE_MS = 12 * 3_600_000;
const TAG_LIFE_MS = 2 * MAX_LIFE_MS;
/** More changes than this that Redis could not be told of become one for their whole service. */
const MAX_OWED = 5_000;

interface Claimed {
  readonly found: LoadedEntries;
  readonly mine: CacheEntry[];
  readonly theirs: CacheEntry[];
  /** The versions of each entry's tags at this moment, by its key. */
  readonly versions: ReadonlyMap<string, Buffer>;
}

/** What the instances of gateways keep in common, in Redis. While that is away, each instance goes on alone. */
export class SharedLevel implements Level {
  readonly #guard: AvailabilityGuard;
  readonly #token = randomUUID();
  /** Tags of changes that Redis does not know of yet: until then nothing of it is believed. */
  readonly #owed = new Set<string>();

  constructor(
    shared: SharedRedis,
    private readonly clock: Clock,
  ) {
    this.#guard = new AvailabilityGuard(shared, () => this.#settleDebts(shared));
  }

  /**
   * Brings entries from Redis or, once for all instances, from their service. Who is not the one to fetch takes what is
   * there, though it be stale, and else waits for the other.
   */
  async fetch({ lookup, entries, limits, isOutdated }: FetchRequest): Promise<LoadedEntries> {
    const fetched = new Map<string, Aged>();
    let open = entries;
    for (let pauseMs = LOOK_MS.first; open.length > 0; pauseMs = Math.min(2 * pauseMs, LOOK_MS.last)) {
      const claimed = this.#owed.size > 0 ? undefined : await this.#claim(lookup, open);
      if (claimed === undefined) {
        const rest = await service.fetch({ lookup, entries: open, limits, isOutdated });
        return merged(fetched, rest);
      }
      merged(fetched, claimed.found);
      if (claimed.mine.length > 0) {
        const request = { lookup, entries: claimed.mine, limits, isOutdated };
        merged(fetched, await this.#fetch(request, claimed.versions));
      }
      open = claimed.theirs;
      if (open.length > 0) await this.#pause(pauseMs, limits, lookup);
    }
    return fetched;
  }

  /** Makes all that depends on `tags` void, for every instance; where Redis is away, as soon as it is back. */
  async outdate(tags: readonly string[]): Promise<void> {
    for (const tag of tags) this.#owe(tag);
    await this.#guard.ask((redis) => this.#void(redis));
  }

  /** How far the changes of a service have been followed; undefined where nobody knows. */
  async placeOf(service: string): Promise<string | undefined> {
    return (await this.#guard.ask((redis) => redis.get(placeKey(service)))) ?? undefined;
  }

  /** Remembers it for an instance that starts later. Not before what was read up to there is void. */
  async follow(service: string, place: string): Promise<void> {
    if (this.#owed.size > 0) return;
    await this.#guard.ask((redis) => redis.set(placeKey(service), place, 'PX', TAG_LIFE_MS));
  }

  close(): void {
    this.#guard.close();
  }

  async #claim({ operation, ttlMs }: Lookup, entries: readonly CacheEntry[]): Promise<Claimed | undefined> {
    const keys = entries.flatMap((entry) => keysOf(operation, entry));
    const args = [this.#token, LEASE_MS, ttlMs, ...entries.map(({ tags }) => tags.length)];
    const rows = await this.#guard.ask((redis) => claim(redis, keys, args));
    if (rows === undefined) return undefined;
    const found = new Map<string, Aged>();
    const versions = new Map<string, Buffer>();
    const mine: CacheEntry[] = [];
    const theirs: CacheEntry[] = [];
    for (const [index, row] of (rows as [Buffer, number, number, Buffer][]).entries()) {
      const entry = entries[index] as CacheEntry;
      const [json, ageMs, isMine, version] = row;
      versions.set(entry.key, version);
      if (isMine === 1) mine.push(entry);
      else if (ageMs >= 0) found.set(entry.key, { json, ageMs });
      else theirs.push(entry);
    }
    return { found, mine, theirs, versions };
  }

  async #fetch(request: FetchRequest, versions: Claimed['versions']): Promise<LoadedEntries> {
    let result: LoadedEntries = new Map();
    try {
      return (result = await service.fetch(request));
    } finally {
      // Nobody waits for it: the next who asks sees it, or fetches once more.
      for (const entry of request.entries) {
        const json = request.isOutdated(entry.key) ? undefined : result.get(entry.key)?.json;
        void this.#settle(request.lookup, entry, { json, versions: versions.get(entry.key) });
      }
    }
  }

  #settle(
    { operation, ttlMs, staleMs }: Lookup,
    entry: CacheEntry,
    { json, versions }: { json: Buffer | undefined; versions: Buffer | undefined },
  ): Promise<unknown> {
    const lifeMs = Math.ceil(Math.min(ttlMs + staleMs, MAX_LIFE_MS));
    const args = [this.#token, versions ?? '', lifeMs, json ?? ''];
    return this.#guard.ask((redis) => settle(redis, keysOf(operation, entry), args));
  }

  #pause(ms: number, { signal, deadline }: Limits, lookup: Lookup): Promise<void> {
    const left = deadline - this.clock.now();
    if (left <= 0) return Promise.reject(lookup.late());
    return new Promise((resolve, reject) => {
      const stopTimer = this.clock.after(Math.min(ms, left), () => {
        signal.removeEventListener('abort', leave);
        resolve();
      });
      const leave = () => {
        stopTimer();
        reject(signal.reason as Error);
      };
      if (signal.aborted) return leave();
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  #owe(tag: string): void {
    if (this.#owed.size < MAX_OWED) this.#owed.add(tag);
    else this.#owed.add(`${tag.split('/', 1)[0]}/*`);
  }

  async #settleDebts(shared: SharedRedis): Promise<void> {
    await shared.ask((redis) => this.#void(redis));
  }

  /** Random versions: one that is set late invalidates something and never makes anything valid again. */
  async #void(redis: Parameters<Parameters<SharedRedis['ask']>[0]>[0]): Promise<void> {
    const tags = [...this.#owed];
    const version = randomUUID();
    const pipeline = redis.multi();
    for (const tag of tags) pipeline.set(tagKey(tag), version, 'PX', TAG_LIFE_MS);
    await pipeline.exec();
    for (const tag of tags) this.#owed.delete(tag);
  }
}

function merged(into: Map<string, Aged>, from: LoadedEntries): Map<string, Aged> {
  for (const [key, entry] of from) into.set(key, entry);
  return into;
}

/** Of any length in the process, of one length in Redis. */
function keysOf(operation: string, { key, tags }: CacheEntry): string[] {
  const name = `${operation}:${createHash('sha256').update(key).digest('base64url')}`;
  return [`facet:answer:${name}`, `facet:answer-lease:${name}`, ...tags.map(tagKey)];
}

function tagKey(tag: string): string {
  return `facet:answer-tag:${tag}`;
}

function placeKey(service: string): string {
  return `facet:answer-place:${service}`;
}
