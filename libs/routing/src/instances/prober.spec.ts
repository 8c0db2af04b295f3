import { VirtualClock } from '@facet/contracts/testing';
import { describe, expect, test } from '@jest/globals';
import { Prober, probeDefaults } from './prober.js';

function setUp(options: Partial<typeof probeDefaults> = {}) {
  const clock = new VirtualClock();
  const askedAt: number[] = [];
  let isWell = true;
  const prober = new Prober({
    ...probeDefaults,
    ...options,
    clock,
    random: () => 0.5,
    ask: () => {
      askedAt.push(clock.now());
      return Promise.resolve(isWell);
    },
  });
  return { clock, prober, askedAt, fallIll: () => (isWell = false) };
}

describe('probing an instance', () => {
  test('happens once a second while it is well', async () => {
    const { clock, askedAt } = setUp();
    await clock.advance(3_500);
    expect(askedAt).toEqual([1_000, 2_000, 3_000]);
  });

  test('is repeated soon after a failure', async () => {
    const { clock, askedAt, fallIll } = setUp();
    fallIll();
    await clock.advance(1_250);
    expect(askedAt).toEqual([1_000, 1_100, 1_200]);
  });

  test('happens at once on suspicion, however often that is voiced', async () => {
    const { clock, askedAt, prober } = setUp();
    await clock.advance(500);
    for (let n = 0; n < 10; n += 1) prober.soon();
    await clock.advance(50);
    for (let n = 0; n < 10; n += 1) prober.soon();
    await clock.advance(100);
    expect(askedAt).toEqual([500, 600]);
  });

  test('ends when it is stopped, and never begins where it is switched off', async () => {
    const stopped = setUp();
    stopped.prober.stop();
    stopped.prober.soon();
    await stopped.clock.advance(10_000);
    const off = setUp({ intervalMs: 0 });
    off.prober.soon();
    await off.clock.advance(10_000);
    expect([...stopped.askedAt, ...off.askedAt]).toEqual([]);
  });
});
