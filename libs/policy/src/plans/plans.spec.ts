import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MemoryCounters } from './counters.js';
import { Meter } from './meter.js';
import { checkPlans, slidingWindow, windowsOf, type PlanWindow } from './plan.js';
import { spanAt } from './span.js';

const tenIn10: PlanWindow = slidingWindow('burst', { requests: 10, seconds: 10 });
const rate = { requests: 5, seconds: 1 };
const plan = { burst: rate, sustained: rate };

function still(at = 1_000_000_000) {
  const time = { now: at };
  const meter = new Meter({ clock: () => time.now, now: () => time.now });
  const take = (window: PlanWindow, cost?: number) => meter.take('somebody', window, cost);
  return { time, meter, take };
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

  test('never lets more than its quota through in a span, nor twice of it in any stretch of that length', () => {
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
        const spans = admitted.map((at) => spanAt(tenIn10, at).index);
        for (const span of spans)
          expect(spans.filter((each) => each === span).length).toBeLessThanOrEqual(10);
      }),
    );
  });

  test('does not let a client have twice its quota round the turn of a span', () => {
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
    const { meter, take } = still();
    const day: PlanWindow = { name: 'day', quota: 10, calendar: 'day' };
    void take(day, 4);
    expect(take(day, 7)).toMatchObject({ admitted: false });
    expect(await meter.used('somebody', day)).toMatchObject({ used: 4 });
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
    const named = { gold: { ...plan, perMonth: 0 } };
    expect(() => checkPlans({ visitors: plan, callers: plan, named, failures: rate })).toThrow(
      'plans.named.gold.month: got 0, expected a whole number from 1',
    );
  });
});

test('what somebody has spent is known without asking, for as long as it lasts', () => {
  const { time, meter, take } = still();
  expect(meter.spentForMs('somebody', tenIn10)).toBe(0);
  for (let index = 0; index < 11; index += 1) void take(tenIn10);
  expect(meter.spentForMs('somebody', tenIn10)).toBeGreaterThan(0);
  time.now += 30_000;
  expect(meter.spentForMs('somebody', tenIn10)).toBe(0);
});
