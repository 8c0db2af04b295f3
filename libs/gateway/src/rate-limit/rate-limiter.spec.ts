import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MemoryCounters } from './counters.js';
import { RateLimiter } from './rate-limiter.js';
import { checkRateLimits, slidingWindow, windowsOf, type PlanWindow } from './plan.js';
import { intervalAt } from './interval.js';

const tenIn10: PlanWindow = slidingWindow('burst', { requests: 10, seconds: 10 });
const rate = { requests: 5, seconds: 1 };
const plan = { burst: rate, sustained: rate };

function still(at = 1_000_000_000) {
  const time = { now: at };
  const limiter = new RateLimiter({ clock: () => time.now, now: () => time.now });
  const take = (window: PlanWindow, cost?: number) => limiter.take('somebody', window, cost);
  return { time, limiter, take };
}

describe('a window that slides', () => {
  test('lets its quota through, then says when to come back, and keeps its word', () => {
    const { time, take } = still();
    for (let left = 9; left >= 0; left -= 1) expect(take(tenIn10)).toMatchObject({ admitted: true, left });
    const refused = take(tenIn10) as { admitted: boolean; waitMs: number };
    expect(refused).toMatchObject({ admitted: false, left: 0 });
    time.now += refused.waitMs;
    expect(take(tenIn10)).toMatchObject({ admitted: true });
  });

  test('never lets more than its quota through in a interval, nor twice of it in any stretch of that length', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 20, maxLength: 200 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 0, max: 10_000 }), (waits, start) => {
        const time = { now: 1_000_000_000 + start };
        const counters = new MemoryCounters(() => time.now);
        const admitted: number[] = [];
        for (const wait of waits) {
          time.now += wait;
          if (counters.take('x', tenIn10, { cost: 1, wish: 1 }).granted > 0) admitted.push(time.now);
        }
        for (const from of admitted) {
          expect(admitted.filter((at) => at >= from && at < from + 10_000).length).toBeLessThanOrEqual(20);
        }
        const intervals = admitted.map((at) => intervalAt(tenIn10, at).index);
        for (const interval of intervals)
          expect(intervals.filter((each) => each === interval).length).toBeLessThanOrEqual(10);
      }),
    );
  });

  test('does not let a client have twice its quota round the turn of a interval', () => {
    const { time, take } = still(999_999_900);
    for (let index = 0; index < 10; index += 1) expect(take(tenIn10)).toMatchObject({ admitted: true });
    time.now += 200;
    expect(take(tenIn10)).toMatchObject({ admitted: false });
  });

  test('the wait that it tells is never too short', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.array(fc.integer({ min: 0, max: 4_000 }), { maxLength: 60 }),
        (cost, waits) => {
          const { time, take } = still();
          for (const wait of waits) {
            time.now += wait;
            void take(tenIn10);
          }
          const reading = take(tenIn10, cost) as { admitted: boolean; waitMs: number };
          if (reading.admitted) return;
          time.now += reading.waitMs;
          expect(take(tenIn10, cost)).toMatchObject({ admitted: true });
        },
      ),
    );
  });
});

describe('a quota of the calendar', () => {
  test('begins anew at midnight and on the first of a month, in UTC', () => {
    const { time, take } = still(Date.UTC(2026, 10, 30, 23, 59, 59));
    const day: PlanWindow = { name: 'day', quota: 1, calendar: 'day' };
    const month: PlanWindow = { name: 'month', quota: 1, calendar: 'month' };
    for (const window of [day, month]) {
      expect(take(window)).toMatchObject({ admitted: true, resetMs: 1_000 });
      expect(take(window)).toMatchObject({ admitted: false, waitMs: 1_000 });
    }
    time.now += 1_000;
    for (const window of [day, month]) expect(take(window)).toMatchObject({ admitted: true });
  });

  test('counts what a request costs', async () => {
    const { limiter, take } = still();
    const day: PlanWindow = { name: 'day', quota: 10, calendar: 'day' };
    void take(day, 4);
    expect(take(day, 7)).toMatchObject({ admitted: false });
    expect(await limiter.used('somebody', day)).toMatchObject({ used: 4 });
  });
});

describe('a plan', () => {
  test('has its windows in order, quotas only where it names them', () => {
    expect(windowsOf(plan).map(({ name }) => name)).toEqual(['burst', 'sustained']);
    expect(windowsOf({ ...plan, perDay: 1, perMonth: 2 }).map(({ name }) => name)).toEqual([
      ...['burst', 'sustained', 'day', 'month'],
    ]);
  });

  test('with a limit that is no limit is refused by name', () => {
    const plans = { gold: { ...plan, perMonth: 0 } };
    expect(() => checkRateLimits({ anonymous: plan, callers: plan, plans, failures: rate })).toThrow(
      'rateLimits.plans.gold.perMonth: got 0, expected a whole number from 1',
    );
  });
});

test('what somebody has spent is known without asking, for as long as it lasts', () => {
  const { time, limiter, take } = still();
  expect(limiter.spentForMs('somebody', tenIn10)).toBe(0);
  for (let index = 0; index < 11; index += 1) void take(tenIn10);
  expect(limiter.spentForMs('somebody', tenIn10)).toBeGreaterThan(0);
  time.now += 30_000;
  expect(limiter.spentForMs('somebody', tenIn10)).toBe(0);
});
