import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { powerOfTwo, roundRobin, type Candidate } from './balancer.js';

/** Numbers that look random and are the same in every run (Park and Miller). */
function seeded(seed = 42): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

const candidate = (name: string, cost: number, warmth = 1) => ({
  name,
  cost: () => cost,
  warmth: () => warmth,
});

function share(picks: readonly { name: string }[], name: string): number {
  return picks.filter((each) => each.name === name).length / picks.length;
}

const pickMany = (pick: () => { name: string }, times = 2_000) => Array.from({ length: times }, pick);

describe('the power of two choices', () => {
  test('never takes the worst of several, and takes all that cost the same alike', () => {
    const list = [candidate('a', 1), candidate('b', 1), candidate('c', 100)];
    const balance = powerOfTwo(seeded());
    const picks = pickMany(() => balance(list, 0));
    expect(share(picks, 'c')).toBe(0);
    expect(Math.abs(share(picks, 'a') - share(picks, 'b'))).toBeLessThan(0.1);
  });

  test.each([
    [1, 0.5],
    [1.2, 0.33],
    [2, 0.06],
    [10, 0],
  ])('gives an instance that costs %f times as much as the other a share of %f', (cost, expected) => {
    const dear = candidate('dear', cost);
    const cheap = candidate('cheap', 1);
    for (const list of [
      [dear, cheap],
      [cheap, dear],
    ]) {
      const balance = powerOfTwo(seeded());
      const picks = pickMany(() => balance(list, 0));
      expect(Math.abs(share(picks, 'dear') - expected)).toBeLessThan(0.03);
    }
  });

  test('always has an answer from a list of any length, and one of the list', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.1, max: 100, noNaN: true }), { minLength: 1 }), (costs) => {
        const list: Candidate[] = costs.map((cost) => candidate('x', cost));
        expect(list).toContain(powerOfTwo()(list, 0));
      }),
    );
  });

  test('gives a cold instance a part of its share, which grows as it warms up', () => {
    const shares = [0.1, 0.5, 1].map((warmth) => {
      const list = [candidate('cold', 1, warmth), candidate('a', 1), candidate('b', 1)];
      const balance = powerOfTwo(seeded());
      return share(
        pickMany(() => balance(list, 0)),
        'cold',
      );
    });
    expect(shares[0]).toBeGreaterThan(0);
    expect(shares[0]).toBeLessThan(0.1);
    expect(shares[1]).toBeGreaterThan(shares[0] ?? 1);
    expect(shares[2]).toBeGreaterThan(shares[1] ?? 1);
  });

  test('treats instances alike that are all cold', () => {
    const list = [candidate('a', 1, 0.1), candidate('b', 1, 0.1)];
    const balance = powerOfTwo(seeded());
    expect(
      Math.abs(
        share(
          pickMany(() => balance(list, 0)),
          'a',
        ) - 0.5,
      ),
    ).toBeLessThan(0.05);
  });
});

describe('round robin', () => {
  test('takes one after the other whatever they cost', () => {
    const balance = roundRobin(seeded());
    const list = [candidate('a', 1), candidate('b', 50), candidate('c', 2)];
    expect(pickMany(() => balance(list, 0), 6).map(({ name }) => name)).toEqual([
      'a',
      'b',
      'c',
      'a',
      'b',
      'c',
    ]);
  });

  test('has an answer even when all are cold', () => {
    const balance = roundRobin(() => 0.999);
    expect(balance([candidate('a', 1, 0.1)], 0).name).toBe('a');
  });
});
