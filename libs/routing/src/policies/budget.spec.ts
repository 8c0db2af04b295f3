import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { VirtualClock } from '@facet/contracts/testing';
import { Budget, budgetDefaults } from './budget.js';

const spendAll = (budget: Budget, now = 0) => {
  let spent = 0;
  while (budget.spend(now)) spent += 1;
  return spent;
};

describe('the budget of repetitions', () => {
  test('is a tenth of the calls of the last ten seconds', () => {
    const budget = new Budget(budgetDefaults);
    for (let n = 0; n < 1_000; n += 1) budget.earn(0);
    expect(spendAll(budget)).toBe(100);
  });

  test('is spent on hedges by half at most, so that repetitions have the rest', () => {
    const budget = new Budget(budgetDefaults);
    for (let n = 0; n < 1_000; n += 1) budget.earn(0);
    let hedges = 0;
    while (budget.spendOnHedge(0)) hedges += 1;
    expect(hedges).toBe(50);
    expect(spendAll(budget)).toBe(50);
  });

  test('is never below its floor, which lasts ten seconds', async () => {
    const clock = new VirtualClock();
    const budget = new Budget(budgetDefaults);
    expect(spendAll(budget, clock.now())).toBe(20);
    await clock.advance(9_000);
    expect(budget.spend(clock.now())).toBe(false);
    await clock.advance(2_000);
    expect(budget.spend(clock.now())).toBe(true);
  });

  test('never lets the load grow by more than a tenth (and the floor) in any ten seconds', async () => {
    const step = fc.record({
      calls: fc.integer({ min: 0, max: 300 }),
      pauseMs: fc.integer({ min: 0, max: 4_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const clock = new VirtualClock();
        const budget = new Budget(budgetDefaults);
        const log: { at: number; calls: number; spent: number }[] = [];
        for (const { calls, pauseMs } of steps) {
          for (let n = 0; n < calls; n += 1) budget.earn(clock.now());
          log.push({ at: clock.now(), calls, spent: spendAll(budget, clock.now()) });
          await clock.advance(pauseMs);
          const recent = log.filter(({ at }) => at > clock.now() - 9_000);
          const earlier = log.filter(({ at }) => at > clock.now() - 20_000);
          const sum = (list: typeof log, key: 'calls' | 'spent') =>
            list.reduce((total, each) => total + each[key], 0);
          expect(sum(recent, 'spent')).toBeLessThanOrEqual(Math.max(20, sum(earlier, 'calls') * 0.1));
        }
      }),
      { numRuns: 50 },
    );
  });
});
