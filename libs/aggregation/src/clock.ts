/** Time as a run sees it, so that specs can bring their own. */
export interface Clock {
  /** Milliseconds, on the clock that `CallOptions.deadline` is read on. */
  now(): number;
  /** Runs `action` once, `ms` from now; the answer takes it back. */
  after(ms: number, action: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, action) {
    // An answer that arrived while this process stood still is read before it is called late.
    let turn: NodeJS.Immediate | undefined;
    const timer = setTimeout(() => (turn = setImmediate(action)), Math.max(0, ms));
    return () => {
      clearTimeout(timer);
      clearImmediate(turn);
    };
  },
};
