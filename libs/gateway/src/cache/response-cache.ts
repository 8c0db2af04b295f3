import { LRUCache } from 'lru-cache';
import { compress, type Compressed } from '../reply/compression.js';
import { etagOf } from '../reply/etag.js';
import { Reads } from '../request/reads.js';

/** How an answer may be kept. Times are on the clock of `performance.now()`. */
export interface Kept {
  readonly expiresAt: number;
  /** When its oldest part was made: what is passed on says its age. */
  readonly madeAt: number | undefined;
  /** `Server-Timing` of an answer that takes no time. */
  readonly serverTiming: string;
  /** What of `Cache-Control` stands before and after the seconds that are left. */
  readonly holds: readonly [before: string, after: string];
  /** Fixed by the contract where an `Age` goes with it. */
  readonly maxAge: number | undefined;
}

interface CachedResponse extends Kept {
  /** The bytes of its body, one character each. */
  readonly body: string;
  readonly etag: string;
  /** The patterns of the operations that it was made from. */
  readonly operations: readonly string[];
}

/** A cached response with what is made of it when it is first asked for. */
export class ResponseEntry {
  readonly #forms = new Map<Compressed, string>();
  #cacheControl = '';
  #seconds = -1;

  constructor(
    readonly cached: CachedResponse,
    readonly tags: ReadonlySet<string>,
  ) {}

  /** `Cache-Control` at a time: what holds for less and less long is written once a second. */
  cacheControlAt(now: number): string {
    const { expiresAt, holds, maxAge } = this.cached;
    const seconds = maxAge ?? Math.max(0, Math.floor((expiresAt - now) / 1_000));
    if (seconds === this.#seconds) return this.#cacheControl;
    this.#seconds = seconds;
    return (this.#cacheControl = `${holds[0]}${seconds}${holds[1]}`);
  }

  /** The body in a compressed form, made once. */
  formOf(coding: Compressed): string | Promise<string> {
    const known = this.#forms.get(coding);
    if (known !== undefined) return known;
    const keep = (bytes: Buffer): string => {
      const form = bytes.toString('latin1');
      this.#forms.set(coding, form);
      return form;
    };
    const made = compress(Buffer.from(this.cached.body, 'latin1'), coding);
    return made instanceof Promise ? made.then(keep) : keep(made);
  }
}

type Decided = (operation: string, decision: 'hit' | 'coalesced') => void;

interface Options {
  readonly maxBytes: number;
  readonly maxEntries: number;
  /** Told of each operation that was not called, and why. */
  readonly decided: Decided;
}

/** Of an entry beside its body, in bytes. */
const OVERHEAD = 1_000;
/** A body, and two compressed forms that are smaller. */
const FORMS = 2;

/**
 * Whole answers that are the same for everybody, ready to be sent: by route and address. Each holds as long as the part of it
 * that holds for the shortest time, and goes as soon as anything changes that it was made from.
 */
export class ResponseCache {
  readonly #entries: LRUCache<string, ResponseEntry>;
  readonly #byTag = new Map<string, Set<string>>();
  readonly decided: Decided;
  #generation = 0;

  constructor({ maxBytes, maxEntries, decided }: Options) {
    this.decided = decided;
    this.#entries = new LRUCache<string, ResponseEntry>({
      max: maxEntries,
      maxSize: maxBytes,
      sizeCalculation: ({ cached }, key) => OVERHEAD + key.length + FORMS * cached.body.length,
      dispose: ({ tags }, key) => this.#unlink(key, tags),
    });
  }

  get bytes(): number {
    return this.#entries.calculatedSize;
  }

  /** What is there and still holds. */
  find(key: string, now: number): ResponseEntry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.cached.expiresAt > now) return entry;
    this.#entries.delete(key);
    return undefined;
  }

  reads(): Reads {
    return new Reads(this.#generation);
  }

  /** Keeps an answer, unless something was read that is not for everybody, or has been invalidated meanwhile. */
  store(key: string, reads: Reads, kept: Kept, text: string): void {
    if (reads.isPersonal || reads.generation !== this.#generation || reads.entries.length === 0) return;
    const tags = new Set(reads.entries.flatMap((each) => each.tags));
    const body = Buffer.from(text).toString('latin1');
    const { operations } = reads;
    const entry = new ResponseEntry({ ...kept, body, etag: etagOf(text), operations }, tags);
    this.#entries.set(key, entry);
    if (!this.#entries.has(key)) return;
    for (const tag of tags) this.#byTag.set(tag, (this.#byTag.get(tag) ?? new Set()).add(key));
  }

  /** Forgets all that depends on one of `tags`. */
  forget(tags: ReadonlySet<string>): void {
    this.#generation += 1;
    for (const tag of tags) {
      for (const key of [...(this.#byTag.get(tag) ?? [])]) this.#entries.delete(key);
    }
  }

  #unlink(key: string, tags: ReadonlySet<string>): void {
    for (const tag of tags) {
      const keys = this.#byTag.get(tag);
      keys?.delete(key);
      if (keys?.size === 0) this.#byTag.delete(tag);
    }
  }
}
