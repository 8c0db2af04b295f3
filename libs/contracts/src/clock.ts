/** Time as everything here sees it, so that specs can bring their own. */
export interface Clock {
  /** Milliseconds on a clock that never goes back, as `performance.now()`. */
  now(): number;
  /** Runs `action` once, `ms` from now; the function that it gives back cancels it. */
  after(ms: number, action: () => void): () => void;
}

/**
 * The clock of the process. What arrived while the process stood still is read before `action` runs: Node fires timers
 * before it looks at sockets, so that after a pause an answer that came in time would count as late. A timer keeps no
 * process alive.
 */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, action) {
    let turn: NodeJS.Immediate | undefined;
    const timer = setTimeout(() => (turn = setImmediate(action)), Math.max(0, ms));
    timer.unref();
    return () => {
      clearTimeout(timer);
      clearImmediate(turn);
    };
  },
};
