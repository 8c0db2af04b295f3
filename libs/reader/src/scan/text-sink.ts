import type { Sink } from './sink.js';

/** Keeps the JSON that is read: whatever is walked and not dropped. */
export const textSink: Sink = {
  makesValues: false,
  leaf: () => '',
  beginList: () => '',
  addElement: () => '',
  endList: () => '',
  object: () => '',
  drop: (start, end) => `cut.drop(${start}, ${end});`,
};
