import {
  RawJson,
  type Answer,
  type AnswerHandler,
  type CallRequest,
  type Dispatch,
  type Signal,
} from '@facet/contracts';
import type { AskedCall } from '../record/calls.js';

/** An answer that is only passed on. */
export interface Forwarded extends Pick<Answer<unknown>, 'source' | 'ageMs'> {
  readonly json: string;
}

/** The call of a route that passes one operation on. It hears its own answer, so that it is one object and one promise. */
export class ForwardedCall implements AskedCall, AnswerHandler {
  readonly startedAt = performance.now();
  endedAt: number | undefined;
  source: AskedCall['source'];
  readonly parts = [];
  #resolve: ((answer: Forwarded) => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;
  #stopListening: (() => void) | undefined;

  constructor(
    /** Its selection is opaque. */
    readonly request: CallRequest,
  ) {}

  /** Sends it, once. Rejects with the signal's reason where that fires first. */
  send(dispatch: Dispatch, signal: Signal): Promise<Forwarded> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      this.#resolve = resolve;
      this.#reject = reject;
      const cancel = dispatch(this.request, this);
      if (this.endedAt !== undefined) return;
      const onAbort = () => {
        cancel(signal.reason);
        this.missed(signal.reason);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#stopListening = () => signal.removeEventListener('abort', onAbort);
    });
  }

  arrived({ value, source, ageMs }: Answer<unknown>): void {
    this.#end();
    this.source = source;
    if (value instanceof RawJson) this.#resolve?.({ json: value.json, source, ageMs });
    else this.#reject?.(new Error(`${this.request.selection.operation.pattern} was not passed on`));
  }

  missed(error: unknown): void {
    this.#end();
    this.#reject?.(error);
  }

  #end(): void {
    this.endedAt = performance.now();
    this.#stopListening?.();
  }
}
