import type { SharedRedis } from '@facet/platform/redis';
import { AvailabilityGuard } from '../shared/availability-guard.js';
import type { Ask, Grant } from './counters.js';
import type { PlanWindow } from './plan.js';
import { intervalAt, waitFor, type Interval } from './interval.js';

/**
 * `leftOf` of interval.ts, where all instances ask: at once and on one clock. ARGV: quota, cost, wish, owed, the length that
 * it slides over (0 for a calendar's), and for a calendar's the interval's index and how long it lasts.
 */
const TAKE = `
local quota, cost, wish, owed = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local slides, index, ends = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
if slides > 0 then
  local t = redis.call('TIME')
  local now = t[1] * 1000 + math.floor(t[2] / 1000)
  index = math.floor(now / slides)
  ends = (index + 1) * slides - now
end
local kept = redis.call('HMGET', KEYS[1], 'i', 'c', 'p')
local current, previous = 0, 0
if kept[1] then
  local age = index - tonumber(kept[1])
  if age == 0 then current, previous = tonumber(kept[2]), tonumber(kept[3])
  elseif age == 1 then previous = tonumber(kept[2]) end
end
current = current + owed
local faded = 0
if slides > 0 then faded = previous * ends / slides end
local left = math.floor(quota - current - faded)
local granted = 0
if left >= cost then
  granted = math.min(left, math.max(cost, math.min(wish, math.floor(left / 20))))
  current = current + granted
end
if granted > 0 or owed > 0 then
  redis.call('HSET', KEYS[1], 'i', index, 'c', current, 'p', previous)
  redis.call('PEXPIRE', KEYS[1], math.ceil(ends + slides) + 60000)
end
return {granted, left - granted, index, ends, current, previous}`;

const GIVE_BACK = `
if redis.call('HGET', KEYS[1], 'i') ~= ARGV[1] then return 0 end
local current = tonumber(redis.call('HGET', KEYS[1], 'c'))
redis.call('HSET', KEYS[1], 'c', math.max(0, current - tonumber(ARGV[2])))
return 1`;

export interface Unused {
  /** The interval that it was taken from. */
  readonly index: number;
  readonly count: number;
}

type Told = [granted: number, left: number, index: number, ends: number, current: number, previous: number];

/** Counts in a Redis that all instances of a gateway share, while it can be reached. */
export class RedisCounters {
  readonly #guard: AvailabilityGuard;

  constructor(
    redis: SharedRedis,
    /** Before every key: the gateway's own. */
    private readonly prefix: string,
    /** Told when Redis is missed, and when it is back. */
    onReach: (isThere: boolean) => void = () => undefined,
  ) {
    const isBack = () => Promise.resolve(onReach(true));
    this.#guard = new AvailabilityGuard(redis, isBack, () => onReach(false));
  }

  /** True from the first question that was not answered until Redis has been seen again. */
  get isAway(): boolean {
    return this.#guard.isAway;
  }

  /** Undefined where Redis is away. */
  async take(key: string, window: PlanWindow, { cost, wish, owed = 0 }: Ask): Promise<Grant | undefined> {
    const calendar = intervalAt(window, Date.now());
    const { slidesOverMs = 0 } = calendar;
    const args = [window.quota, cost, wish, owed, slidesOverMs, calendar.index, calendar.endsInMs];
    const told = await this.#guard.ask(
      (redis) => redis.eval(TAKE, 1, this.#at(key, window, calendar.index), ...args) as Promise<Told>,
    );
    if (told === undefined) return undefined;
    const [granted, left, index, endsInMs, current, previous] = told;
    const interval: Interval = { index, endsInMs, ...(slidesOverMs === 0 ? {} : { slidesOverMs }) };
    const tally = { current, previous };
    const waitMs = granted > 0 ? 0 : waitFor(cost, window.quota, tally, interval);
    return { granted, left: Math.max(0, left), index, tally, endsInMs, waitMs };
  }

  /** Takes back what was granted and not used, as long as its interval lasts. */
  async giveBack(key: string, window: PlanWindow, { index, count }: Unused): Promise<void> {
    await this.#guard.ask((redis) => redis.eval(GIVE_BACK, 1, this.#at(key, window, index), index, count));
  }

  close(): void {
    this.#guard.close();
  }

  /** A calendar's intervals are apart: instances whose clocks differ do not take the old one for the new one at midnight. */
  #at(key: string, window: PlanWindow, index: number): string {
    return 'calendar' in window ? `${this.prefix}${key}:${index}` : this.prefix + key;
  }
}
