/** Who gets what a handler makes. After `end` or `fail` nothing more comes. */
export interface ReplySink {
  next(value: unknown, last: boolean): void;
  /** Ends without a further value. */
  end(): void;
  fail(error: unknown): void;
  /** A promise where the client is behind: what can wait waits for it. */
  drained(): Promise<void> | undefined;
}

/** What rxjs calls an Observable, by the part of it that is used here. */
interface Subscribable {
  subscribe(observer: { next(value: unknown): void; error(error: unknown): void; complete(): void }): {
    unsubscribe(): void;
  };
}

const nothing = (): void => undefined;

/**
 * Gives what a handler returned to `sink`: a value, a promise, an async iterable, or an Observable, also one inside
 * a promise. Returns how to stop a stream of replies; one that is stopped ends.
 */
export function deliver(result: unknown, sink: ReplySink): () => void {
  if (typeof result !== 'object' || result === null) {
    sink.next(result, true);
    return nothing;
  }
  if (isThenable(result)) return deliverLater(result, sink);
  if (isSubscribable(result)) return deliverObservable(result, sink);
  if (Symbol.asyncIterator in result) return deliverIterable(result as AsyncIterable<unknown>, sink);
  sink.next(result, true);
  return nothing;
}

function deliverLater(promise: PromiseLike<unknown>, sink: ReplySink): () => void {
  let stop: (() => void) | undefined;
  let stopped = false;
  const settle = (value: unknown): void => {
    if (stopped) sink.end();
    else stop = deliver(value, sink);
  };
  void promise.then(settle, (error: unknown) => sink.fail(error));
  return () => {
    stopped = true;
    stop?.();
  };
}

/** One value is held back a tick at most, as a stock server does it, so that the last one carries the end. */
function deliverObservable(observable: Subscribable, sink: ReplySink): () => void {
  let held: { value: unknown } | undefined;
  let isSubscribing = true;
  const release = (last: boolean): void => {
    if (held === undefined) {
      if (last) sink.end();
      return;
    }
    const { value } = held;
    held = undefined;
    sink.next(value, last);
  };
  const subscription = observable.subscribe({
    next: (value) => {
      release(false);
      held = { value };
      if (!isSubscribing) process.nextTick(release, false);
    },
    error: (error) => {
      release(false);
      sink.fail(error);
    },
    complete: () => release(true),
  });
  isSubscribing = false;
  if (held !== undefined) process.nextTick(release, false);
  return () => {
    subscription.unsubscribe();
    sink.end();
  };
}

function deliverIterable(iterable: AsyncIterable<unknown>, sink: ReplySink): () => void {
  const iterator = iterable[Symbol.asyncIterator]();
  let stopped = false;
  const pump = async (): Promise<void> => {
    while (!stopped) {
      const result: IteratorResult<unknown, unknown> = await iterator.next();
      if (result.done === true) return sink.end();
      if (!stopped) sink.next(result.value, false);
      await sink.drained();
    }
  };
  pump().catch((error: unknown) => sink.fail(error));
  return () => {
    stopped = true;
    void Promise.resolve(iterator.return?.()).then(
      () => sink.end(),
      () => sink.end(),
    );
  };
}

function isThenable(value: object): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown }).then === 'function';
}

function isSubscribable(value: object): value is Subscribable {
  return typeof (value as { subscribe?: unknown }).subscribe === 'function';
}
