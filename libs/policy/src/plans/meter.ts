import { LRUCache } from 'lru-cache';
import { MAX_PRINCIPALS, MemoryCounters, type Grant, type Used } from './counters.js';
import type { PlanWindow } from './plan.js';
import type { RedisCounters } from './redis-counters.js';

/** What is left of a window for one principal after a request, or when a refused one may come back. */
export interface Reading {
  readonly admitted: boolean;
  readonly left: number;
  /** Milliseconds until the window's span ends. */
  readonly resetMs: number;
  /** Milliseconds until it may be tried again; 0 where it was admitted. */
  readonly waitMs: number;
}

export interface MeterOptions {
  /** Where instances count together; in this process alone where absent. */
  readonly shared?: RedisCounters | undefined;
  /** Told when counting together fails and when it works again. */
  readonly onShared?: (works: boolean) => void;
  /** The clock of leases, in milliseconds. */
  readonly clock?: () => number;
  /** The clock of what this process counts for itself, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** The most that one instance has in hand. */
const LEASE = 50;
/** What an instance has not used for so long, it gives back. */
const IDLE_MS = 500;
/** For how long Redis is left alone after it has failed. */
const AWAY_MS = 1_000;
/** A refusal is believed for so long at most: another instance may give back. */
const BELIEF_MS = 1_000;

interface Lease {
  have: number;
  left: number;
  index: number;
  endsAt: number;
  usedAt: number;
  /** Until when a refusal is believed without asking again. */
  refusedUntil: number;
  /** What the refused request would have cost: a cheaper one may still fit. */
  refusedCost: number;
  /** When a refused request may come back. */
  retryAt: number;
  /** The question to Redis that is under way. */
  asking: Promise<void> | undefined;
}

/**
 * Counts requests. With shared counters each instance takes a few at a time, fewer as a limit nears, and spends them
 * without asking: most requests wait for nothing, and N over all instances stays N. While Redis is away, each instance
 * counts for itself.
 */
export class Meter {
  readonly #memory: MemoryCounters;
  readonly #leases = new LRUCache<string, Lease>({ max: MAX_PRINCIPALS });
  readonly #shared: RedisCounters | undefined;
  readonly #onShared: (works: boolean) => void;
  readonly #clock: () => number;
  readonly #sweeper: NodeJS.Timeout | undefined;
  #awayUntil = 0;
  #asked = 0;

  constructor({
    shared,
    onShared = () => undefined,
    clock = () => performance.now(),
    now,
  }: MeterOptions = {}) {
    this.#shared = shared;
    this.#onShared = onShared;
    this.#clock = clock;
    this.#memory = new MemoryCounters(now);
    if (shared !== undefined) this.#sweeper = setInterval(() => void this.#sweep(IDLE_MS), IDLE_MS).unref();
  }

  /** How many questions have gone to Redis. */
  get asked(): number {
    return this.#asked;
  }

  /** At once wherever nothing has to be asked. */
  take(principal: string, window: PlanWindow, cost = 1): Reading | Promise<Reading> {
    const key = `${window.name}:${principal}`;
    if (this.#shared === undefined || this.#clock() < this.#awayUntil) return this.#alone(key, window, cost);
    return this.#spend(this.#leaseOf(key), window, cost) ?? this.#ask(key, window, cost);
  }

  /** Milliseconds for which a principal is known, without asking, to have nothing left. */
  spentForMs(principal: string, window: PlanWindow): number {
    const lease = this.#leases.get(`${window.name}:${principal}`);
    if (lease === undefined || lease.refusedCost > 1) return 0;
    const now = this.#clock();
    return lease.refusedUntil > now ? lease.retryAt - now : 0;
  }

  /** What was counted in the current span; what other instances have in hand counts until they give it back. */
  async used(principal: string, window: PlanWindow): Promise<Used> {
    const key = `${window.name}:${principal}`;
    if (this.#shared === undefined || this.#clock() < this.#awayUntil) return this.#memory.used(key, window);
    try {
      const counted = await this.#shared.used(key, window);
      const lease = this.#leases.get(key);
      const inHand = lease !== undefined && lease.endsAt > this.#clock() ? lease.have : 0;
      return { ...counted, used: Math.max(0, counted.used - inHand) };
    } catch {
      this.#goAlone();
      return this.#memory.used(key, window);
    }
  }

  /** Gives back whatever is in hand. */
  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    await this.#sweep(0);
  }

  #alone(key: string, window: PlanWindow, cost: number): Reading {
    const grant = this.#memory.take(key, window, { cost, wish: cost });
    if (grant.granted === 0) this.#refuse(this.#leaseOf(key), cost, grant.waitMs);
    return readingOf(grant);
  }

  #leaseOf(key: string): Lease {
    const known = this.#leases.get(key);
    if (known !== undefined) return known;
    const none = {
      ...{ have: 0, left: 0, index: -1, endsAt: 0, usedAt: 0 },
      ...{ refusedUntil: 0, refusedCost: 0, retryAt: 0, asking: undefined },
    };
    this.#leases.set(key, none);
    return none;
  }

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

  async #ask(key: string, window: PlanWindow, cost: number): Promise<Reading> {
    const lease = this.#leaseOf(key);
    for (;;) {
      const reading = this.#spend(lease, window, cost);
      if (reading !== undefined) return reading;
      try {
        await (lease.asking ??= this.#renew(key, lease, window, cost).finally(() => {
          lease.asking = undefined;
        }));
      } catch {
        this.#goAlone();
        return this.#alone(key, window, cost);
      }
    }
  }

  async #renew(key: string, lease: Lease, window: PlanWindow, cost: number): Promise<void> {
    const shared = this.#shared;
    if (shared === undefined) return;
    this.#asked += 1;
    const grant = await shared.take(key, window, { cost, wish: LEASE });
    if (this.#awayUntil > 0) this.#onShared(true);
    this.#awayUntil = 0;
    const now = this.#clock();
    // What was still in hand belongs to the same span, or the span is over and it is worth nothing.
    lease.have = (lease.index === grant.index ? lease.have : 0) + grant.granted;
    lease.left = grant.left;
    lease.index = grant.index;
    lease.endsAt = now + grant.endsInMs;
    lease.usedAt = now;
    if (grant.granted > 0) lease.refusedUntil = 0;
    else this.#refuse(lease, cost, grant.waitMs);
  }

  #refuse(lease: Lease, cost: number, waitMs: number): void {
    const now = this.#clock();
    lease.refusedCost = cost;
    lease.retryAt = now + waitMs;
    lease.refusedUntil = now + Math.min(waitMs, BELIEF_MS);
    lease.usedAt = now;
  }

  #goAlone(): void {
    if (this.#awayUntil === 0) this.#onShared(false);
    this.#awayUntil = this.#clock() + AWAY_MS;
  }

  /** Gives back what nobody has used for `idleMs`, and forgets principals that have not been seen. */
  async #sweep(idleMs: number): Promise<void> {
    const now = this.#clock();
    const returns: Promise<void>[] = [];
    for (const [key, lease] of this.#leases) {
      if (lease.asking !== undefined || now - lease.usedAt < idleMs) continue;
      if (lease.have > 0 && now < lease.endsAt && now >= this.#awayUntil) {
        returns.push(this.#shared?.giveBack(key, lease.index, lease.have) ?? Promise.resolve());
      }
      if (now >= lease.refusedUntil) this.#leases.delete(key);
      else lease.have = 0;
    }
    // What cannot be given back counts as used until the span ends.
    await Promise.allSettled(returns);
  }
}

function readingOf({ granted, left, endsInMs, waitMs }: Grant): Reading {
  return { admitted: granted > 0, left, resetMs: endsInMs, waitMs };
}
