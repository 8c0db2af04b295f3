/** Who gets what a handler makes. After `end` or `fail` nothing more comes. */
export interface Answers {
  next(value: unknown, last: boolean): void;
  /** Ends without a further value. */
  end(): void;
  fail(error: unknown): void;
  /** A promise where the client is behind: what can wait waits for it. */
  room(): Promise<void> | undefined;
}

/** What rxjs calls an Observable, by the part of it that is used here. */
interface Subscribable {
  subscribe(observer: { next(value: unknown): void; error(error: unknown): void; complete(): void }): {
    unsubscribe(): void;
  };
}

const nothing = (): void => undefined;

/**
 * Gives what a handler returned to `answers`: a value, a promise, an async iterable, or an Observable, also one inside
 * a promise. Returns how to stop a stream of answers; one that is stopped ends.
 */
export function deliver(result: unknown, answers: Answers): () => void {
  if (typeof result !== 'object' || result === null) {
    answers.next(result, true);
    return nothing;
  }
  if (isThenable(result)) return deliverLater(result, answers);
  if (isSubscribable(result)) return deliverObservable(result, answers);
  if (Symbol.asyncIterator in result) return deliverIterable(result as AsyncIterable<unknown>, answers);
  answers.next(result, true);
  return nothing;
}

function deliverLater(promise: PromiseLike<unknown>, answers: Answers): () => void {
  let stop: (() => void) | undefined;
  let stopped = false;
  const settle = (value: unknown): void => {
    if (stopped) answers.end();
    else stop = deliver(value, answers);
  };
  void promise.then(settle, (error: unknown) => answers.fail(error));
  return () => {
    stopped = true;
    stop?.();
  };
}

/** One value is held back a tick at most, as a stock server does it, so that the last one carries the end. */
function deliverObservable(observable: Subscribable, answers: Answers): () => void {
  let held: { value: unknown } | undefined;
  let isSubscribing = true;
  const release = (last: boolean): void => {
    if (held === undefined) {
      if (last) answers.end();
      return;
    }
    const { value } = held;
    held = undefined;
    answers.next(value, last);
  };
  const subscription = observable.subscribe({
    next: (value) => {
      release(false);
      held = { value };
      if (!isSubscribing) process.nextTick(release, false);
    },
    error: (error) => {
      release(false);
      answers.fail(error);
    },
    complete: () => release(true),
  });
  isSubscribing = false;
  if (held !== undefined) process.nextTick(release, false);
  return () => {
    subscription.unsubscribe();
    answers.end();
  };
}

function deliverIterable(iterable: AsyncIterable<unknown>, answers: Answers): () => void {
  const iterator = iterable[Symbol.asyncIterator]();
  let stopped = false;
  const pump = async (): Promise<void> => {
    while (!stopped) {
      const result: IteratorResult<unknown, unknown> = await iterator.next();
      if (result.done === true) return answers.end();
      if (!stopped) answers.next(result.value, false);
      await answers.room();
    }
  };
  pump().catch((error: unknown) => answers.fail(error));
  return () => {
    stopped = true;
    void Promise.resolve(iterator.return?.()).then(
      () => answers.end(),
      () => answers.end(),
    );
  };
}

function isThenable(value: object): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown }).then === 'function';
}

function isSubscribable(value: object): value is Subscribable {
  return typeof (value as { subscribe?: unknown }).subscribe === 'function';
}
