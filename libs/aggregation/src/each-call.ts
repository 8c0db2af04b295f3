import {
  canonicalJson,
  CodedError,
  type Answer,
  type AnswerHandler,
  type CallRequest,
  type Cancel,
  type Dispatch,
  type Selection,
} from '@facet/contracts';
import { aggregationCodes } from './errors.js';
import { PartCall } from './part-call.js';
import { valueOf } from './part-value.js';
import type { PlannedPart } from './plan.js';
import type { CallReport } from './report.js';

/** The bounds of a part that makes one call for each item of a list. */
export interface Each {
  /** The most calls under way at once. */
  readonly concurrency: number;
  /** The most items that are asked for; those after them have no value. */
  readonly max: number;
}

/** One call for the items of a list that ask the same. */
class ItemCall implements CallRequest, AnswerHandler {
  readonly selection: Selection;
  readonly deadline: number;
  report: CallReport | undefined;
  cancel: Cancel | undefined;
  isOver = false;

  constructor(
    private readonly owner: EachCall,
    readonly input: unknown,
    /** Which items of the list. */
    readonly items: number[],
  ) {
    this.selection = owner.selection;
    this.deadline = owner.deadline;
  }

  arrived(answer: Answer<unknown>): void {
    if (this.isOver) return;
    this.isOver = true;
    if (this.report) this.report.source = answer.source;
    this.owner.itemArrived(this, answer);
  }

  missed(error: unknown): void {
    if (this.isOver) return;
    this.isOver = true;
    this.owner.itemMissed(this, error);
  }
}

const SOURCES = ['fresh', 'cached', 'stale'] as const;

/**
 * A part of one call for each item of a list, so many at once. It arrives when all of them are over, in the order of the
 * list; an item that failed is undefined, and its error is in `failures`. Items that ask the same share one call.
 */
export class EachCall extends PartCall {
  /** Why items have no value, by their places in the list. */
  readonly failures = new Map<number, unknown>();
  readonly reports: CallReport[] = [];
  readonly #values: unknown[];
  readonly #calls: ItemCall[];
  #next = 0;
  #running = 0;
  #isPumping = false;
  #source = 0;
  #ageMs = 0;
  #dispatch: Dispatch | undefined;

  constructor(
    planned: PlannedPart,
    asked: { readonly input: readonly unknown[]; readonly deadline: number },
    private readonly given: ConstructorParameters<typeof PartCall>[2] & { now(): number },
    private readonly each: Each,
  ) {
    super(planned, asked, given);
    this.#values = new Array<unknown>(asked.input.length).fill(undefined);
    this.#calls = this.#grouped(asked.input);
  }

  override send(dispatch: Dispatch): void {
    this.#dispatch = dispatch;
    this.#pump();
  }

  override leave(reason: unknown): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#cancelAll(reason);
  }

  /** What has arrived by now is the answer. */
  override expire(late: unknown): void {
    if (this.isOver) return;
    this.isLate = true;
    this.#cancelAll(late);
    this.#finish();
  }

  itemArrived(call: ItemCall, answer: Answer<unknown>): void {
    let value: unknown;
    try {
      value = valueOf(this.planned, answer);
    } catch (error) {
      return this.itemMissed(call, error);
    }
    for (const item of call.items) this.#values[item] = value;
    this.#source = Math.max(this.#source, SOURCES.indexOf(answer.source));
    this.#ageMs = Math.max(this.#ageMs, answer.ageMs);
    this.#ended(call);
  }

  itemMissed(call: ItemCall, error: unknown): void {
    for (const item of call.items) this.failures.set(item, error);
    this.#ended(call);
  }

  #grouped(inputs: readonly unknown[]): ItemCall[] {
    const calls = new Map<string, ItemCall>();
    for (const [item, input] of inputs.entries()) {
      if (input === undefined) continue;
      if (item >= this.each.max) {
        this.failures.set(item, tooMany(this.each.max));
        continue;
      }
      const key = canonicalJson(input);
      const known = calls.get(key);
      if (known === undefined) calls.set(key, new ItemCall(this, input, [item]));
      else known.items.push(item);
    }
    return [...calls.values()];
  }

  #ended(call: ItemCall): void {
    if (call.report) call.report.endedAt = this.given.now();
    this.#running -= 1;
    if (!this.#isPumping) this.#pump();
  }

  /** Not from within itself: what is cached arrives before `dispatch` returns. */
  #pump(): void {
    this.#isPumping = true;
    while (!this.isOver && this.#running < this.each.concurrency && this.#next < this.#calls.length) {
      this.#start(this.#calls[this.#next++] as ItemCall);
    }
    this.#isPumping = false;
    if (this.#running === 0 && this.#next === this.#calls.length) this.#finish();
  }

  #start(call: ItemCall): void {
    const { name, operation } = this.planned.part;
    const { service, name: operationName } = operation;
    const startedAt = this.given.now();
    call.report = { request: call, service, operation: operationName, parts: [name], startedAt };
    this.reports.push(call.report);
    this.#running += 1;
    try {
      const cancel = this.#dispatch?.(call, call);
      if (!call.isOver) call.cancel = cancel;
    } catch (error) {
      call.missed(error);
    }
  }

  #finish(): void {
    if (this.isOver) return;
    this.arrived({ value: this.#values, source: SOURCES[this.#source] ?? 'fresh', ageMs: this.#ageMs });
  }

  #cancelAll(reason: unknown): void {
    for (const call of this.#calls) {
      if (call.isOver) continue;
      call.isOver = true;
      for (const item of call.items) this.failures.set(item, reason);
      call.cancel?.(reason);
    }
    this.#next = this.#calls.length;
  }
}

function tooMany(max: number): CodedError {
  const message = `There are more items than ${max}`;
  return new CodedError({ code: aggregationCodes.tooManyItems, status: 500, message });
}
