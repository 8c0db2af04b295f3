import type { SharedState } from '../shared-state.js';
import { checkCachePolicy, type CachePolicy } from './cache-policy.js';
import { Flight, type Bringing, type Brought } from './flight.js';
import { Kept } from './kept.js';
import { Memory } from './memory.js';
import { systemClock, type Clock } from '@facet/contracts';
import type { Limits, Piece, Question } from './question.js';
import { SharedLevel } from './shared-level.js';
import { service, type Level } from './level.js';

/** A piece as it is handed out. */
export interface Found extends Brought {
  /** Milliseconds since its service made it; 0 for a fresh one. */
  readonly ageMs: number;
}

/**
 * What became of a piece that was asked for. `hit`: kept and fresh. `stale`: kept, and a new one is being fetched.
 * `rescued`: kept, past what its contract allows, as the service cannot answer. `coalesced`: somebody else is fetching
 * it. `shared`: another instance has fetched it. `miss`: fetched.
 */
export type Decision = 'hit' | 'stale' | 'rescued' | 'coalesced' | 'shared' | 'miss';

export interface AnswerCacheOptions {
  readonly policy: CachePolicy;
  readonly shared?: SharedState;
  readonly clock?: Clock;
  /** Told of every decision, by operation. */
  readonly decided?: (operation: string, decision: Decision) => void;
  /** Told of every piece that a change has made void. */
  readonly invalidated?: (operation: string) => void;
}

/** Somebody's wait, and when it ends where an old answer is at hand. */
interface Waiting {
  readonly limits: Limits;
  readonly patience: number;
}

/** A fetching that was under way already. */
interface Joined {
  readonly flight: Flight;
  readonly question: Question;
  readonly waiting: Waiting;
  readonly again: () => Promise<Bringing>;
}

/** How long a refresh may take that nobody waits for, in milliseconds. */
const REFRESH_MS = 10_000;
/** Of the time that is left, what is spent on waiting for a service while an old answer is at hand. */
const PATIENCE = 0.5;
/** A fetching that ended so near to its own deadline ended by it, in milliseconds. */
const NEAR_MS = 50;

/**
 * Answers of services, kept as their contracts allow: first in the process, then in what instances share. What is being
 * fetched is fetched once for all who ask, each within its own limits.
 */
export class AnswerCache {
  readonly #policy: Required<CachePolicy>;
  readonly #memory: Memory;
  readonly #shared: SharedLevel | undefined;
  readonly #clock: Clock;
  readonly #flights = new Map<string, Flight>();
  readonly #decided: NonNullable<AnswerCacheOptions['decided']>;
  readonly #invalidated: NonNullable<AnswerCacheOptions['invalidated']>;

  /** @throws RangeError where the policy is out of range */
  constructor({ policy, shared, clock = systemClock, decided, invalidated }: AnswerCacheOptions) {
    this.#policy = checkCachePolicy(policy);
    this.#memory = new Memory(this.#policy);
    this.#clock = clock;
    this.#shared = shared && this.#policy.shared ? new SharedLevel(shared, clock) : undefined;
    this.#decided = decided ?? (() => undefined);
    this.#invalidated = invalidated ?? (() => undefined);
  }

  /** What the process holds at this moment. */
  get size(): { readonly bytes: number; readonly entries: number } {
    return { bytes: this.#memory.bytes, entries: this.#memory.entries };
  }

  /** All of the pieces, where this process has them at once; undefined where one has to be asked for. */
  atHand(question: Question): readonly Found[] | undefined {
    const found: Found[] = [];
    for (const piece of question.pieces) {
      const each = this.#peek(question, piece);
      if (each === undefined) return undefined;
      found.push(each);
    }
    this.#handOut(question, found);
    return found;
  }

  /** The pieces in their order; undefined for one that the service does not know. */
  async ask(question: Question, limits: Limits): Promise<readonly (Found | undefined)[]> {
    const found = question.pieces.map((piece) => this.#peek(question, piece));
    this.#handOut(question, found);
    const missing = question.pieces.filter((_, index) => found[index] === undefined);
    if (missing.length === 0) return found;
    const others = await this.#fetchOrRescue(question, missing, limits);
    return found.map((each, index) => each ?? others.get(question.pieces[index]?.key ?? ''));
  }

  /** Forgets all that depends on one of `tags`, in every instance; what is being fetched now will not be kept. */
  async invalidate(tags: readonly string[]): Promise<void> {
    // In this order: what this process forgets it must not find again in what is shared.
    await this.#shared?.outdate(tags);
    this.forget(tags);
  }

  /** The same in this process alone. */
  forget(tags: readonly string[]): void {
    const outdated = new Set(tags);
    for (const tag of outdated) {
      for (const { operation } of this.#memory.drop(tag)) this.#invalidated(operation);
    }
    for (const flight of new Set(this.#flights.values())) {
      const affected = flight.pieces.filter(({ tags: own }) => own.some((tag) => outdated.has(tag)));
      for (const { key } of affected) {
        flight.outdate(key);
        this.#land(key, flight);
      }
    }
  }

  /** How far the changes of a service have been followed, by whoever was the last to write it down. */
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
  #handOut(question: Question, found: readonly (Found | undefined)[]): void {
    const old: Piece[] = [];
    for (const [index, piece] of question.pieces.entries()) {
      const source = found[index]?.source;
      if (source === undefined) continue;
      this.#decided(question.operation, source === 'stale' ? 'stale' : 'hit');
      if (source === 'stale') old.push(piece);
    }
    if (old.length > 0) this.#refresh(question, old);
  }

  #peek({ ttlMs, staleMs, isRead }: Question, { key }: Piece): Found | undefined {
    const kept = this.#memory.get(key);
    if (kept === undefined) return undefined;
    const ageMs = this.#clock.now() - kept.madeAt;
    if (ageMs >= ttlMs + staleMs) {
      if (ageMs >= ttlMs + staleMs + this.#policy.staleIfErrorMs) this.#memory.delete(key);
      return undefined;
    }
    const usable = isRead ? kept.toRead() : kept;
    if (usable !== kept) this.#memory.set(key, usable);
    return { kept: usable, source: ageMs < ttlMs ? 'cached' : 'stale', ageMs };
  }

  /** Fetches what is old while it is being served, unless somebody does so already. */
  #refresh(question: Question, pieces: readonly Piece[]): void {
    const idle = pieces.filter(({ key }) => this.#flightOf(key) === undefined);
    if (idle.length === 0) return;
    this.#takeOff(question, idle, this.#clock.now() + REFRESH_MS).hold();
  }

  async #fetchOrRescue(
    question: Question,
    pieces: readonly Piece[],
    limits: Limits,
  ): Promise<ReadonlyMap<string, Found>> {
    const hasReserve = this.#reserveOf(question, pieces) !== undefined;
    const left = limits.deadline - this.#clock.now();
    const patience = hasReserve ? limits.deadline - left * (1 - PATIENCE) : limits.deadline;
    try {
      return await this.#fetch(question, pieces, { limits, patience });
    } catch (error) {
      if (limits.signal.aborted || !question.isUnavailable(error)) throw error;
      const reserve = this.#reserveOf(question, pieces);
      if (reserve === undefined) throw error;
      for (const _ of pieces) this.#decided(question.operation, 'rescued');
      return reserve;
    }
  }

  /** All of the pieces, though they are past what their contract allows; undefined where one is missing. */
  #reserveOf({ ttlMs, staleMs }: Question, pieces: readonly Piece[]): ReadonlyMap<string, Found> | undefined {
    const latestMs = ttlMs + staleMs + this.#policy.staleIfErrorMs;
    const reserve = new Map<string, Found>();
    for (const { key } of pieces) {
      const kept = this.#memory.get(key);
      const ageMs = this.#clock.now() - (kept?.madeAt ?? -Infinity);
      if (kept === undefined || ageMs >= latestMs) return undefined;
      reserve.set(key, { kept, source: 'stale', ageMs });
    }
    return reserve;
  }

  async #fetch(
    question: Question,
    pieces: readonly Piece[],
    waiting: Waiting,
  ): Promise<ReadonlyMap<string, Found>> {
    const { limits, patience } = waiting;
    if (limits.signal.aborted) throw limits.signal.reason as Error;
    const idle: Piece[] = [];
    const joined = new Map<Flight, Piece[]>();
    for (const piece of pieces) {
      const flight = this.#flightOf(piece.key);
      if (flight === undefined) idle.push(piece);
      else joined.set(flight, [...(joined.get(flight) ?? []), piece]);
    }
    const watch = { signal: limits.signal, deadline: patience, clock: this.#clock, late: question.late };
    const found: Promise<readonly (readonly [string, Found])[]>[] = [];
    if (idle.length > 0) {
      const own = this.#takeOff(question, idle, limits.deadline);
      // Whoever goes on with an old answer lets the fetching come to its end, which tells whether the service is ill.
      if (patience < limits.deadline) own.hold();
      found.push(own.watch(watch).then((brought) => this.#foundIn(brought, idle)));
    }
    for (const [flight, own] of joined) {
      for (const _ of own) this.#decided(question.operation, 'coalesced');
      const again = () => this.#fetch(question, own, waiting);
      const bringing = flight
        .watch(watch)
        .catch((error: unknown) => this.#orAgain(error, { flight, question, waiting, again }));
      // Of a flight only what it was joined for: another piece of it may be outdated.
      found.push(bringing.then((brought) => this.#foundIn(brought, own)));
    }
    return new Map((await Promise.all(found)).flat());
  }

  /** A fetching that was begun for somebody with less time may end too early for who has joined it: ask again then. */
  #orAgain(error: unknown, { flight, question, waiting, again }: Joined): Promise<Bringing> {
    const now = this.#clock.now();
    const endedByItself = now >= flight.deadline - NEAR_MS && question.isUnavailable(error);
    const mayGoOn = !waiting.limits.signal.aborted && waiting.patience - now >= NEAR_MS;
    if (endedByItself && mayGoOn) return again();
    throw error;
  }

  #foundIn(brought: Bringing, pieces: readonly Piece[]): (readonly [string, Found])[] {
    const now = this.#clock.now();
    return pieces.flatMap(({ key }) => {
      const each = brought.get(key);
      if (each === undefined) return [];
      const ageMs = each.source === 'fresh' ? 0 : Math.max(0, now - each.kept.madeAt);
      return [[key, { ...each, ageMs }] as const];
    });
  }

  #takeOff(question: Question, pieces: readonly Piece[], deadline: number): Flight {
    const flight = new Flight(pieces, deadline);
    for (const { key } of pieces) this.#flights.set(key, flight);
    flight.start(async (limits) => {
      try {
        return await this.#bring(question, flight, limits);
      } finally {
        for (const { key } of pieces) this.#land(key, flight);
      }
    });
    return flight;
  }

  /** One that everybody has left is as good as over. */
  #flightOf(key: string): Flight | undefined {
    const flight = this.#flights.get(key);
    return flight?.isCancelled === true ? undefined : flight;
  }

  #land(key: string, flight: Flight): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }

  async #bring(question: Question, flight: Flight, limits: Limits): Promise<Bringing> {
    const { operation, ttlMs, isRead } = question;
    const { pieces } = flight;
    const startedAt = this.#clock.now();
    const isOutdated = (key: string) => flight.isOutdated(key);
    const loaded = await this.#levelBelow(question).bring({ question, pieces, limits, isOutdated });
    const brought = new Map<string, Brought>();
    for (const { key, tags } of pieces) {
      const piece = loaded.get(key);
      if (piece === undefined) continue;
      const { ageMs } = piece;
      const kept = new Kept({ ...piece, operation, madeAt: startedAt - ageMs, tags, isRead });
      const source = ageMs === 0 ? 'fresh' : ageMs < ttlMs ? 'cached' : 'stale';
      brought.set(key, { kept, source });
      this.#decided(operation, source === 'fresh' ? 'miss' : 'shared');
      if (ttlMs > 0 && !isOutdated(key)) this.#memory.set(key, kept);
    }
    return brought;
  }

  /** What belongs to one caller, or is not kept at all, goes straight to the service. */
  #levelBelow({ isPersonal, ttlMs }: Question): Level {
    return this.#shared === undefined || isPersonal || ttlMs === 0 ? service : this.#shared;
  }
}
