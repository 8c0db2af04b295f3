import { VirtualClock } from '@facet/contracts/testing';
import { expect, test } from '@jest/globals';
import { Ticker, type Watched } from './ticker.js';

function setUp() {
  const clock = new VirtualClock();
  let timers = 0;
  const after = (ms: number, work: () => void) => {
    timers += 1;
    return clock.after(ms, work);
  };
  const ticker = new Ticker({ now: () => clock.now(), after });
  const heard: [string, number][] = [];
  const watch = (name: string, dueAt: number, again = Infinity) => {
    const it: Watched & { dueAt: number; isOver: boolean } = {
      ...{ dueAt, isOver: false, isWatched: false },
      due: (now) => {
        heard.push([name, now]);
        it.dueAt = again;
        again = Infinity;
      },
    };
    ticker.watch(it);
    return it;
  };
  return { clock, ticker, heard, watch, timersNow: () => timers };
}

test('what is due hears it at the first tick after its time, once', async () => {
  const { clock, heard, watch } = setUp();
  watch('early', 3);
  watch('late', 12);
  await clock.advance(100);
  expect(heard).toEqual([
    ['early', 5],
    ['late', 15],
  ]);
});

test('what asks for a later time hears it again', async () => {
  const { clock, heard, watch } = setUp();
  watch('twice', 5, 11);
  await clock.advance(100);
  expect(heard).toEqual([
    ['twice', 5],
    ['twice', 15],
  ]);
});

test('what is over hears nothing, and no timer runs when nothing is watched', async () => {
  const { clock, heard, watch, timersNow } = setUp();
  const it = watch('over', 500);
  watch('other', 500).isOver = true;
  it.isOver = true;
  await clock.advance(1_000);
  expect(heard).toEqual([]);
  expect(timersNow()).toBe(1);
});

test('what is watched twice is watched once', async () => {
  const { clock, heard, watch, ticker } = setUp();
  ticker.watch(watch('it', 5));
  await clock.advance(50);
  expect(heard).toHaveLength(1);
});
