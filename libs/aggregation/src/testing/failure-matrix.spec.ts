import { answer } from '@facet/contracts/testing';
import { describe, expect, test } from '@jest/globals';
import { catalog, inventory } from '../../test/contracts.js';
import { answers, home, level } from '../../test/home.js';
import { checkBudget } from './budget.js';
import { failureMatrix } from './failure-matrix.js';

failureMatrix(home, { input: { limit: 2 }, answers });

describe('a budget', () => {
  test('is held, and the cost is told', async () => {
    expect(await checkBudget(home, { input: { limit: 2 }, answers })).toEqual({
      bytes: 233,
      calls: { catalog: 3, inventory: 1 },
      depth: 2,
    });
  });

  test('that is not held fails with every figure that is over it', async () => {
    const tight = { ...home, budget: { bytes: 100, calls: { catalog: 2 }, depth: 1 } };
    await expect(checkBudget(tight, { input: { limit: 2 }, answers })).rejects.toThrow(
      'test.home is over its budget: bytes 233, allowed 100; calls to catalog 3, allowed 2; ' +
        'calls to inventory 1, allowed 0; depth 2, allowed 1',
    );
  });

  test('is not measured on an answer that is not whole', async () => {
    const some = answers.filter(({ operation }) => operation !== catalog.reviews);
    await expect(checkBudget(home, { input: { limit: 2 }, answers: some })).rejects.toThrow(
      'test.home cannot be measured without "reviews"',
    );
  });

  test('has to be there to be checked', async () => {
    const free = { ...home, budget: {} };
    await expect(checkBudget(free, { input: { limit: 2 }, answers })).rejects.toThrow('has no budget');
  });
});

describe('an answer of a spec', () => {
  test('is held to the contract', () => {
    const wrong = answer(inventory.levels, () => ({ items: [{ ...level('a'), available: -1 }] }));
    expect(() => inventory.levels.output.parse(wrong.answer({ ids: ['a'] }))).toThrow();
  });
});
