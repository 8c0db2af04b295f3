/** Time that stands still until a test moves it; fits wherever a lib takes a clock. */
export interface TestClock {
  /** In milliseconds. */
  now(): number;
  /** Calls back when the clock has been moved far enough; what it returns takes that back. */
  after(ms: number, callback: () => void): () => void;
  /** Moves the clock, calling back in order what falls due, and lets promises settle after each. */
  advance(ms: number): Promise<void>;
}

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

export function createClock(startsAt = 0): TestClock {
  let time = startsAt;
  const timers = new Set<Timer>();
  const nextUntil = (end: number): Timer | undefined =>
    [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];

  return {
    now: () => time,
    after(ms, callback) {
      const timer = { at: time + Math.max(0, ms), callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(ms) {
      const end = time + ms;
      for (let timer = nextUntil(end); timer !== undefined; timer = nextUntil(end)) {
        timers.delete(timer);
        time = timer.at;
        timer.callback();
        await settled();
      }
      time = end;
      await settled();
    },
  };
}

/** Promises that wait for nothing but each other have run when the event loop comes round. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
