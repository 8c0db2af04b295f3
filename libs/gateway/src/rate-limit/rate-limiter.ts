import { LRUCache } from 'lru-cache';
import { MAX_PRINCIPALS, MemoryCounters, type Ask, type Grant } from './counters.js';
import { noLease, type Lease } from './lease.js';
import type { PlanWindow } from './plan.js';
import type { RedisCounters } from './redis-counters.js';
import { intervalAt } from './interval.js';

/** What is left of a window for one principal after a request, or when a refused one may come back. */
export interface Reading {
  readonly admitted: boolean;
  readonly left: number;
  /** Milliseconds until the window's interval ends. */
  readonly resetMs: number;
  /** Milliseconds until it may be tried again; 0 where it was admitted. */
  readonly waitMs: number;
}

/** What of a window counts as used at this moment. */
export interface Used {
  readonly used: number;
  readonly endsInMs: number;
}

export interface RateLimiterOptions {
  /** Where instances count together; in this process alone where absent. Closed with the limiter. */
  readonly shared?: RedisCounters | undefined;
  /** Told of each count that has to wait for an answer of Redis. */
  readonly onWait?: () => void;
  /** The clock of leases, in milliseconds. */
  readonly clock?: () => number;
  /** The clock of what this process counts for itself, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** The most that one instance has in hand. */
const LEASE = 50;
/** What an instance has not used for so long, it gives back. */
const IDLE_MS = 500;
/** A refusal is believed for so long at most: another instance may give back. */
const BELIEF_MS = 1_000;

/**
 * Counts requests. With shared counters each instance takes a few at a time, fewer as a limit nears, and spends them
 * without asking: most requests wait for nothing, and N over all instances stays N. While Redis is away, each instance
 * counts for itself, from where it last knew of the others.
 */
export class RateLimiter {
  readonly #memory: MemoryCounters;
  readonly #leases = new LRUCache<string, Lease>({ max: MAX_PRINCIPALS });
  /** The leases with something in hand. */
  readonly #held = new Map<string, { readonly lease: Lease; readonly window: PlanWindow }>();
  readonly #shared: RedisCounters | undefined;
  readonly #onWait: () => void;
  readonly #clock: () => number;
  readonly #now: () => number;
  readonly #sweeper: NodeJS.Timeout | undefined;

  constructor({
    shared,
    onWait = () => undefined,
    clock = () => performance.now(),
    now = Date.now,
  }: RateLimiterOptions = {}) {
    this.#shared = shared;
    this.#onWait = onWait;
    this.#clock = clock;
    this.#now = now;
    this.#memory = new MemoryCounters(now);
    if (shared !== undefined) this.#sweeper = setInterval(() => void this.#sweep(IDLE_MS), IDLE_MS).unref();
  }

  /** At once wherever nothing has to be asked. */
  take(principal: string, window: PlanWindow, cost = 1): Reading | Promise<Reading> {
    const key = keyOf(principal, window);
    const lease = this.#leaseOf(key);
    const ready = this.#spend(lease, window, cost);
    const isAlone = this.#shared === undefined || this.#shared.isAway;
    if (ready !== undefined) {
      if (!isAlone && runsLow(lease)) void this.#renewOnce(key, lease, window, cost);
      return ready;
    }
    if (isAlone) return this.#alone(key, lease, window, cost);
    this.#onWait();
    return this.#ask(key, lease, window, cost);
  }

  /** Milliseconds for which a principal is known, without asking, to have nothing left. */
  spentForMs(principal: string, window: PlanWindow): number {
    const lease = this.#leases.get(keyOf(principal, window));
    return lease === undefined || lease.refusedCost > 1 ? 0 : Math.max(0, lease.retryAt - this.#clock());
  }

  /** What counts at this moment; what other instances have in hand counts until they give it back. */
  async used(principal: string, window: PlanWindow): Promise<Used> {
    const key = keyOf(principal, window);
    const lease = this.#leaseOf(key);
    const look = { cost: 0, wish: 0 };
    const { left, endsInMs } =
      (await this.#settle(key, lease, window, look)) ?? this.#countAlone(key, lease, window, look);
    const inHand = lease.endsAt > this.#clock() ? lease.have : 0;
    return { used: Math.max(0, window.quota - left - inHand), endsInMs };
  }

  /** Gives back whatever is in hand. */
  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    await this.#sweep(0);
    this.#shared?.close();
  }

  #leaseOf(key: string): Lease {
    const known = this.#leases.get(key);
    if (known !== undefined) return known;
    const none = noLease();
    this.#leases.set(key, none);
    return none;
  }

  /** Undefined where what is in hand does not say. */
  #spend(lease: Lease, { quota }: PlanWindow, cost: number): Reading | undefined {
    const now = this.#clock();
    if (now >= lease.endsAt) lease.have = 0;
    if (lease.have >= cost) {
      lease.have -= cost;
      lease.usedAt = now;
      const left = Math.min(quota, lease.left + lease.have);
      return { admitted: true, left, resetMs: lease.endsAt - now, waitMs: 0 };
    }
    if (now >= lease.refusedUntil || cost < lease.refusedCost) return undefined;
    return { admitted: false, left: 0, resetMs: lease.endsAt - now, waitMs: lease.retryAt - now };
  }

  #alone(key: string, lease: Lease, window: PlanWindow, cost: number): Reading {
    const grant = this.#countAlone(key, lease, window, { cost, wish: cost });
    if (grant.granted === 0) this.#refuse(lease, cost, grant);
    else if (this.#shared !== undefined) this.#owe(lease, grant);
    return { admitted: grant.granted > 0, left: grant.left, resetMs: grant.endsInMs, waitMs: grant.waitMs };
  }

  #countAlone(key: string, { index, tally }: Lease, window: PlanWindow, ask: Ask): Grant {
    // Of what others have counted only who shares with them knows.
    if (this.#shared !== undefined && index === intervalAt(window, this.#now()).index)
      this.#memory.begin(key, index, tally);
    return this.#memory.take(key, window, ask);
  }

  async #ask(key: string, lease: Lease, window: PlanWindow, cost: number): Promise<Reading> {
    for (;;) {
      const isThere = await this.#renewOnce(key, lease, window, cost);
      const reading = this.#spend(lease, window, cost);
      if (reading !== undefined) return reading;
      if (!isThere) return this.#alone(key, lease, window, cost);
    }
  }

  #renewOnce(key: string, lease: Lease, window: PlanWindow, cost: number): Promise<boolean> {
    return (lease.asking ??= this.#renew(key, lease, window, cost).finally(() => {
      lease.asking = undefined;
    }));
  }

  /** False where Redis is away. */
  async #renew(key: string, lease: Lease, window: PlanWindow, cost: number): Promise<boolean> {
    const grant = await this.#settle(key, lease, window, { cost, wish: LEASE });
    if (grant === undefined) return false;
    const now = this.#clock();
    // What was still in hand belongs to the same interval, or the interval is over and it is worth nothing.
    lease.have = (lease.index === grant.index ? lease.have : 0) + grant.granted;
    lease.size = grant.granted;
    lease.left = grant.left;
    lease.tally = grant.tally;
    lease.index = grant.index;
    lease.endsAt = now + grant.endsInMs;
    lease.usedAt = now;
    if (lease.have > 0) this.#held.set(key, { lease, window });
    if (grant.granted === 0) this.#refuse(lease, cost, grant);
    else lease.refusedUntil = lease.retryAt = 0;
    return true;
  }

  #refuse(lease: Lease, cost: number, { waitMs, endsInMs }: Grant): void {
    const now = this.#clock();
    lease.refusedCost = cost;
    lease.retryAt = now + waitMs;
    lease.refusedUntil = now + Math.min(waitMs, BELIEF_MS);
    lease.endsAt = now + endsInMs;
  }

  /** Remembers what Redis does not know of. */
  #owe(lease: Lease, { granted, index }: Grant): void {
    lease.owed = (lease.owedIndex === index ? lease.owed : 0) + granted;
    lease.owedIndex = index;
  }

  /** Asks Redis, and tells it what it does not know of yet. Undefined where it is away. */
  async #settle(key: string, lease: Lease, window: PlanWindow, ask: Ask): Promise<Grant | undefined> {
    const owed = lease.owedIndex === intervalAt(window, this.#now()).index ? lease.owed : 0;
    lease.owed = 0;
    const grant = await this.#shared?.take(key, window, { ...ask, owed });
    if (grant === undefined) lease.owed += owed;
    return grant;
  }

  /** Gives back what nobody has used for `idleMs`. */
  async #sweep(idleMs: number): Promise<void> {
    const now = this.#clock();
    const returns: Promise<void>[] = [];
    for (const [key, { lease, window }] of this.#held) {
      if (lease.asking !== undefined || now - lease.usedAt < idleMs) continue;
      this.#held.delete(key);
      if (lease.have > 0 && now < lease.endsAt) {
        const unused = { index: lease.index, count: lease.have };
        returns.push(this.#shared?.giveBack(key, window, unused) ?? Promise.resolve());
        lease.left += lease.have;
        lease.tally = { ...lease.tally, current: lease.tally.current - lease.have };
      }
      lease.have = 0;
    }
    // What cannot be given back counts as used until the interval ends.
    await Promise.all(returns);
  }
}

/** More is asked for while the rest is being spent, so that nobody has to wait for it. */
function runsLow({ have, size, asking }: Lease): boolean {
  return asking === undefined && have > 0 && 2 * have < size;
}

function keyOf(principal: string, { name }: PlanWindow): string {
  return `${name}:${principal}`;
}
