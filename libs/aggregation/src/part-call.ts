import type { Answer, AnswerHandler, CallRequest, Cancel, Dispatch, Selection } from '@facet/contracts';
import type { PlannedPart } from './plan.js';

/** Who hears what became of a part. */
export interface PartListener {
  arrived(index: number, answer: Answer<unknown>): void;
  missed(index: number, error: unknown): void;
}

/**
 * What one part of one run asks: the request and the handler of its own call, or a subscriber of calls that it shares with
 * other parts. It is told once, and not after it has left.
 */
export class PartCall implements CallRequest, AnswerHandler {
  readonly selection: Selection;
  readonly input: unknown;
  readonly deadline: number;
  isOver = false;
  /** Whether its time was up before it had an answer. */
  isLate = false;
  #cancel: Cancel | undefined;

  constructor(
    readonly planned: PlannedPart,
    { input, deadline }: Pick<CallRequest, 'input' | 'deadline'>,
    private readonly listener: PartListener,
  ) {
    this.selection = planned.selection;
    this.input = input;
    this.deadline = deadline;
  }

  /** Sends it as a call of its own. */
  send(dispatch: Dispatch): void {
    let cancel: Cancel;
    try {
      cancel = dispatch(this, this);
    } catch (error) {
      return this.missed(error);
    }
    if (!this.isOver) this.#cancel = cancel;
  }

  /** Says how it is cancelled that others carry. */
  carriedBy(cancel: Cancel): void {
    this.#cancel = cancel;
  }

  arrived(answer: Answer<unknown>): void {
    if (this.isOver) return;
    this.isOver = true;
    this.listener.arrived(this.planned.index, answer);
  }

  missed(error: unknown): void {
    if (this.isOver) return;
    this.isOver = true;
    this.listener.missed(this.planned.index, error);
  }

  /** Waits no longer: it is told nothing any more, and a call that nobody else waits for is cancelled. */
  leave(reason: unknown): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#cancel?.(reason);
  }

  expire(late: unknown): void {
    this.isLate = true;
    this.leave(late);
  }
}
