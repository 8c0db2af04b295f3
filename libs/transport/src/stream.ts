import { TransportError } from './errors.js';
import type { ReplyObserver } from './calls.js';

/** Many answers as they are read. A reader that falls `maxValues` behind loses the stream, not the connection. */
export async function* streamOf(
  start: (observer: ReplyObserver) => () => void,
  maxValues: number,
): AsyncGenerator<unknown, void, undefined> {
  const values: unknown[] = [];
  let ended = false;
  let failure: Error | undefined;
  let wake = (): void => undefined;
  const finish = (error?: Error): void => {
    ended = true;
    failure ??= error;
    wake();
  };
  const giveUp = start({
    many: true,
    next: (value) => {
      if (ended) return;
      if (values.length >= maxValues) {
        giveUp();
        return finish(tooFarBehind(maxValues));
      }
      values.push(value);
      wake();
    },
    end: () => finish(),
    fail: finish,
  });
  try {
    for (;;) {
      while (values.length > 0 && failure === undefined) yield values.shift();
      if (failure !== undefined) throw failure;
      if (ended) return;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    giveUp();
  }
}

function tooFarBehind(maxValues: number): TransportError {
  const message = `The reader is ${maxValues} answers (maxStreamValues) behind`;
  return new TransportError('transport.queue-full', message, { written: true });
}
