import { describe, expect, test } from '@jest/globals';
import { VirtualClock } from './virtual-clock.js';

describe('a virtual clock', () => {
  test('stands still until it is moved', async () => {
    const clock = new VirtualClock(1_000);
    expect(clock.now()).toBe(1_000);
    await clock.advance(250);
    expect(clock.now()).toBe(1_250);
  });

  test('calls back in the order of time, each at its own time', async () => {
    const clock = new VirtualClock();
    const calls: [string, number][] = [];
    clock.after(20, () => calls.push(['late', clock.now()]));
    clock.after(10, () => calls.push(['early', clock.now()]));
    clock.after(31, () => calls.push(['never', clock.now()]));
    await clock.advance(30);
    expect(calls).toEqual([
      ['early', 10],
      ['late', 20],
    ]);
  });

  test('calls back what a callback has asked for, within the same move', async () => {
    const clock = new VirtualClock();
    const times: number[] = [];
    const again = (): void => {
      times.push(clock.now());
      clock.after(10, again);
    };
    clock.after(10, again);
    await clock.advance(35);
    expect(times).toEqual([10, 20, 30]);
  });

  test('forgets what was taken back', async () => {
    const clock = new VirtualClock();
    const calls: string[] = [];
    const cancel = clock.after(10, () => calls.push('called'));
    cancel();
    await clock.advance(20);
    expect(calls).toEqual([]);
  });

  test('lets promises settle before the next callback is due', async () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    clock.after(10, () => void Promise.resolve().then(() => seen.push('promise of the first')));
    clock.after(20, () => seen.push('second'));
    await clock.advance(20);
    expect(seen).toEqual(['promise of the first', 'second']);
  });
});
