/**
 * Runs `work` after `ms`, once what has arrived by then is read: Node fires timers before it looks at sockets, so that
 * after a pause of this process whoever answered in time would pass for late. Returns what takes it back. Keeps no process
 * alive.
 */
export function afterReading(ms: number, work: () => void): () => void {
  let turn: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => (turn = setImmediate(work)), ms);
  timer.unref();
  return () => {
    clearTimeout(timer);
    clearImmediate(turn);
  };
}
