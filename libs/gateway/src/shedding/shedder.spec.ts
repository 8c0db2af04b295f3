import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Priority } from '@facet/contracts';
import { checkShedding, Shedder } from './shedder.js';

const open: Shedder[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

/** One whose event loop runs as late as told, and whose chances are dealt evenly. */
function start(policy = {}) {
  const loop = { delay: 0 };
  let chance = 0;
  const random = () => (chance = (chance + 0.37) % 1);
  const shedder = new Shedder({ policy, delay: () => loop.delay, random });
  open.push(shedder);
  const shareOf = (criticality: Priority): number => {
    let admitted = 0;
    for (let index = 0; index < 100; index += 1) {
      if (!shedder.admits(criticality)) continue;
      admitted += 1;
      shedder.done();
    }
    return admitted / 100;
  };
  const ticks = (count: number, delay: number) => {
    loop.delay = delay;
    for (let index = 0; index < count; index += 1) shedder.tick();
  };
  return { shedder, shareOf, ticks };
}

describe('while the event loop runs late', () => {
  test('the least critical are turned away first, the most critical last and never all of them', () => {
    const { shareOf, ticks, shedder } = start({ maxDelayMs: 50 });
    const seen: Record<Priority, number>[] = [];
    for (let step = 0; step < 40; step += 1) {
      ticks(1, 200);
      seen.push({ low: shareOf('low'), normal: shareOf('normal'), high: shareOf('high') });
    }
    for (const { low, normal, high } of seen) {
      if (normal < 1) expect(low).toBe(0);
      if (high < 1) expect(normal).toBe(0);
    }
    expect(seen.at(-1)).toMatchObject({ low: 0, normal: 0 });
    expect(seen.at(-1)?.high).toBeGreaterThan(0);
    expect(shedder.pressure).toBeLessThan(3);
  });

  test('it goes on turning away what it has to, and no more, once the delay is what is allowed', () => {
    const { shareOf, ticks } = start({ maxDelayMs: 50 });
    ticks(3, 200);
    const share = shareOf('low');
    ticks(20, 50);
    expect(shareOf('low')).toBeCloseTo(share, 1);
  });

  test('and all are let in again when it is on time', () => {
    const { shareOf, ticks } = start();
    ticks(100, 500);
    ticks(60, 0);
    for (const criticality of ['low', 'normal', 'high'] as const) expect(shareOf(criticality)).toBe(1);
  });
});

describe('of requests at once', () => {
  test('half may be of low criticality, four fifths of low and normal', () => {
    const { shedder } = start({ maxInFlight: 10 });
    const admit = (criticality: Priority) => shedder.admits(criticality);
    for (let index = 0; index < 5; index += 1) expect(admit('low')).toBe(true);
    expect(admit('low')).toBe(false);
    for (let index = 0; index < 3; index += 1) expect(admit('normal')).toBe(true);
    expect(admit('normal')).toBe(false);
    for (let index = 0; index < 2; index += 1) expect(admit('high')).toBe(true);
    expect(admit('high')).toBe(false);
    shedder.done();
    expect([admit('low'), admit('normal'), admit('high')]).toEqual([false, false, true]);
  });

  test('there are never more than allowed, in whatever order they come and go', () => {
    const kind = fc.constantFrom<Priority>('low', 'normal', 'high');
    fc.assert(
      fc.property(fc.array(fc.oneof(kind, fc.constant('done' as const))), (events) => {
        const { shedder } = start({ maxInFlight: 4 });
        let under = 0;
        for (const event of events) {
          if (event === 'done') {
            if (under === 0) continue;
            shedder.done();
            under -= 1;
          } else if (shedder.admits(event)) under += 1;
          expect(shedder.inFlight).toBe(under);
          expect(under).toBeLessThanOrEqual(4);
        }
      }),
    );
  });
});

test('a policy that cannot be kept is refused by name', () => {
  expect(() => checkShedding({ maxInFlight: 0 })).toThrow(
    'shedding.maxInFlight: got 0, expected a whole number from 1',
  );
});
