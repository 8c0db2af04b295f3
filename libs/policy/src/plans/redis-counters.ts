import type { SharedRedis } from '@facet/platform/redis';
import type { Ask, Grant, Used } from './counters.js';
import type { PlanWindow } from './plan.js';
import { spanAt, waitFor, type Span } from './span.js';

/**
 * `leftOf` of span.ts, where all instances ask: at once and on one clock. ARGV: quota, cost, wish, the length that it
 * slides over (0 for a calendar's), and for a calendar's the span's index and how long it lasts.
 */
const TAKE = `
local quota, cost, wish, slides = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local index, ends = tonumber(ARGV[5]), tonumber(ARGV[6])
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
local faded = 0
if slides > 0 then faded = previous * ends / slides end
local left = math.floor(quota - current - faded)
local granted = 0
if left >= cost then
  granted = math.min(left, math.max(cost, math.min(wish, math.floor(left / 20))))
  current = current + granted
  redis.call('HSET', KEYS[1], 'i', index, 'c', current, 'p', previous)
  redis.call('PEXPIRE', KEYS[1], math.ceil(ends + slides) + 60000)
end
return {granted, left - granted, index, ends, current, previous}`;

const GIVE_BACK = `
if redis.call('HGET', KEYS[1], 'i') ~= ARGV[1] then return 0 end
local current = tonumber(redis.call('HGET', KEYS[1], 'c'))
redis.call('HSET', KEYS[1], 'c', math.max(0, current - tonumber(ARGV[2])))
return 1`;

type Told = [granted: number, left: number, index: number, ends: number, current: number, previous: number];

/** Counts in a Redis that all instances of a gateway share. Rejects while it cannot be reached. */
export class RedisCounters {
  constructor(
    private readonly redis: SharedRedis,
    /** Before every key: the gateway's own. */
    private readonly prefix: string,
  ) {}

  async take(key: string, window: PlanWindow, { cost, wish }: Ask): Promise<Grant> {
    const calendar = spanAt(window, Date.now());
    const { slidesOverMs = 0 } = calendar;
    const args = [window.quota, cost, wish, slidesOverMs, calendar.index, calendar.endsInMs];
    const [granted, left, index, endsInMs, current, previous] = await this.redis.ask(
      (redis) => redis.eval(TAKE, 1, this.prefix + key, ...args) as Promise<Told>,
    );
    const span: Span = { index, endsInMs, ...(slidesOverMs === 0 ? {} : { slidesOverMs }) };
    const waitMs = granted > 0 ? 0 : waitFor(cost, window.quota, { current, previous }, span);
    return { granted, left: Math.max(0, left), index, endsInMs, waitMs };
  }

  /** Takes back what was granted and not used, as long as its span lasts. */
  async giveBack(key: string, index: number, count: number): Promise<void> {
    await this.redis.ask((redis) => redis.eval(GIVE_BACK, 1, this.prefix + key, index, count));
  }

  async used(key: string, window: PlanWindow): Promise<Used> {
    const { index, endsInMs } = spanAt(window, Date.now());
    const [at, current] = await this.redis.ask((redis) => redis.hmget(this.prefix + key, 'i', 'c'));
    return { used: Number(at) === index ? Number(current) : 0, endsInMs };
  }
}
