import { describe, expect, test } from '@jest/globals';
import { VirtualClock } from '@facet/contracts/testing';
import { poll } from './poll.js';
import { settling } from './redis-registry.js';

/** A source that is told what to say. */
function setUp() {
  const clock = new VirtualClock();
  const told: unknown[] = [];
  let says: () => readonly string[] = () => ['a:1'];
  let looks = 0;
  const stop = poll(
    { found: (list) => told.push(list), failed: ({ message }) => told.push(message) },
    {
      look: async () => {
        looks += 1;
        return Promise.resolve({ addresses: says(), againInMs: 5_000 });
      },
      retryMs: 1_000,
      clock,
    },
  );
  const say = (what: readonly string[] | Error) => {
    says = () => {
      if (what instanceof Error) throw what;
      return what;
    };
  };
  return { clock, told, say, stop, looksNow: () => looks };
}

describe('looking at a source again and again', () => {
  test('tells a list when it changes, and only then', async () => {
    const { clock, told, say } = setUp();
    await clock.advance(0);
    await clock.advance(10_000);
    say(['b:1', 'a:1', 'b:1']);
    await clock.advance(5_000);
    expect(told).toEqual([['a:1'], ['a:1', 'b:1']]);
  });

  test('keeps the last list and looks again soon when the source fails or knows nobody', async () => {
    const { clock, told, say, looksNow } = setUp();
    await clock.advance(0);
    say(new Error('the source is away'));
    await clock.advance(5_000);
    say([]);
    await clock.advance(1_000);
    say(['a:1']);
    await clock.advance(1_000);
    expect(told).toEqual([['a:1'], 'the source is away', 'the source knows no instance']);
    expect(looksNow()).toBe(4);
  });

  test('ends when it is told to', async () => {
    const { clock, stop, looksNow } = setUp();
    await clock.advance(0);
    stop();
    await clock.advance(60_000);
    expect(looksNow()).toBe(1);
  });
});

describe('a registry that was away', () => {
  test('takes nobody off the list until the services had the time to register again', async () => {
    const clock = new VirtualClock();
    const settled = settling(30_000, clock);
    expect(settled(['a:1', 'b:1'])).toEqual(['a:1', 'b:1']);
    expect(() => settled.failed(new Error('away'))).toThrow('away');
    expect(settled(['b:1'])).toEqual(['a:1', 'b:1']);
    expect(settled(['c:1'])).toEqual(['a:1', 'b:1', 'c:1']);
    await clock.advance(30_000);
    expect(settled(['b:1', 'c:1'])).toEqual(['b:1', 'c:1']);
  });
});
