import {
  asCodedError,
  cancelledError,
  timeoutError,
  type Answer,
  type Caller,
  type Clock,
  type CodedError,
  type Dispatch,
  type Signal,
} from '@facet/contracts';
import type { Context, Part } from './aggregation.js';
import { EachCall } from './each-call.js';
import { deadlinesOf, type Deadlines, type Expiring } from './deadlines.js';
import { missingPart } from './errors.js';
import { PartCall, type PartListener } from './part-call.js';
import { valueOf } from './part-value.js';
import type { Plan, PlannedPart } from './plan.js';
import { isDegraded, type CallReport, type PartStatus } from './report.js';
import { idsOf, SharedCalls } from './shared-calls.js';

/** What one run is given. */
export interface RunOptions<Input> {
  /** What the client sent, parsed by the aggregation's own schema. */
  readonly input: Input;
  readonly caller?: Caller;
  /** How services are reached for this request. */
  readonly dispatch: Dispatch;
  /** Fires when the client has gone, or its time is up. */
  readonly signal: Signal;
  /** The request's own deadline on the clock of `performance.now()`; the earlier of it and the aggregation's holds. */
  readonly deadline?: number;
  readonly clock?: Clock;
  /** Is given the run before it starts, to read its record (`recordOf`) whenever it wants, also of one that fails. */
  readonly observer?: { started(run: Run): void };
}

/** What has become of a part; `waiting` until it has its answer, or has none. */
export type State = PartStatus | 'waiting';

/** Hears how a run goes on. After `failed` or `complete` it hears nothing more. */
export interface RunListener {
  /** Everything but the deferred parts is there. */
  first(): void;
  /** A deferred part is there, or has failed to be. */
  deferred(planned: PlannedPart): void;
  complete(): void;
  failed(error: Error): void;
}

/**
 * One run of one plan: one object, and arrays by the index of the part, from which reports are read if anybody wants them.
 * A part is asked as soon as the parts that it needs have settled.
 */
export class Run implements PartListener, Expiring {
  readonly values: unknown[];
  /** The fields of the answer that the deferred parts make. */
  readonly views: unknown[] = [];
  readonly states: State[];
  /** Times on the run's clock, in milliseconds. */
  readonly begunAt: number[];
  readonly endedAt: number[];
  /** How old the answers were that were not fresh. */
  readonly ages: number[] = [];
  /** Why parts are missing. */
  readonly errors: unknown[] = [];
  /** What the parts have asked. */
  readonly calls: (PartCall | undefined)[];
  readonly startedAt: number;
  until = Infinity;
  watchedAt = -1;
  readsCaller = false;

  readonly #clock: Clock;
  readonly #deadline: number;
  readonly #deadlines: Deadlines;
  readonly #needsLeft: number[];
  #shared: SharedCalls | undefined;
  readonly #onAbort = (): void => this.end(cancelledError(this.options.signal.reason));
  #left: number;
  #firstsLeft: number;
  #isOver = false;
  /** What everything is made from that needs no part. */
  #request: Context | undefined;

  constructor(
    readonly plan: Plan,
    private readonly options: RunOptions<unknown> & { readonly clock: Clock },
    private readonly listener: RunListener,
  ) {
    const { parts, needCounts, firsts, aggregation, blank } = plan;
    const { clock, deadline = Infinity } = options;
    this.values = blank.nothing.slice();
    this.states = blank.waiting.slice();
    this.begunAt = blank.times.slice();
    this.endedAt = blank.times.slice();
    this.calls = blank.nothing.slice();
    this.#needsLeft = needCounts.slice();
    this.#left = parts.length;
    this.#firstsLeft = firsts.length;
    this.#clock = clock;
    this.startedAt = clock.now();
    this.#deadline = Math.min(this.startedAt + aggregation.deadlineMs, deadline);
    this.#deadlines = deadlinesOf(clock);
  }

  start(): void {
    const { signal, observer } = this.options;
    observer?.started(this);
    if (signal.aborted) return this.#onAbort();
    signal.addEventListener('abort', this.#onAbort);
    for (const index of this.plan.roots) {
      if (this.#isOver) return;
      this.#begin(this.#partAt(index), this.startedAt);
    }
    this.#progress();
  }

  /** Ends the run for want of anybody or anything to wait for, and cancels what is under way. The first reason holds. */
  end(reason: Error): void {
    if (this.#isOver) return;
    this.#close();
    for (const call of this.calls) call?.leave(reason);
    this.listener.failed(reason);
  }

  /** Whether a part has no value but its default, or none at all. */
  get isDegraded(): boolean {
    return this.states.some(isDegraded);
  }

  now(): number {
    return this.#clock.now();
  }

  /** The calls that parts have shared. */
  get sharedCalls(): readonly CallReport[] {
    return this.#shared?.reports ?? [];
  }

  arrived(index: number, answer: Answer<unknown>): void {
    const planned = this.#partAt(index);
    let value: unknown;
    try {
      value = planned.part.each === undefined ? valueOf(planned, answer) : answer.value;
    } catch (error) {
      return this.missed(index, error);
    }
    this.values[index] = value;
    this.states[index] = answer.source;
    if (planned.part.each !== undefined) this.#noteItems(index, this.calls[index] as EachCall);
    if (answer.ageMs !== 0) this.ages[index] = answer.ageMs;
    this.#settled(planned, this.#clock.now());
  }

  missed(index: number, error: unknown): void {
    this.#missed(this.#partAt(index), error, this.#clock.now());
  }

  /** Parts whose time is up are missing. */
  expire(now: number): void {
    this.until = Infinity;
    for (const call of this.calls) {
      if (call === undefined || call.isOver) continue;
      if (call.deadline > now) this.until = Math.min(this.until, call.deadline);
      else this.#expirePart(call, now);
      if (this.#isOver) return;
    }
  }

  /** The request and the values of some parts. A read of the caller is recorded: the answer is then private. */
  contextOf(indices: readonly number[]): Context {
    if (indices.length === 0) return (this.#request ??= this.#newContext());
    const context = this.#newContext();
    for (const index of indices) context[this.#partAt(index).part.name] = this.values[index];
    return context;
  }

  #newContext(): Record<string, unknown> {
    const { input, caller } = this.options;
    return new RunContext(input, () => {
      this.readsCaller = true;
      return caller;
    });
  }

  #partAt(index: number): PlannedPart {
    return this.plan.parts[index] as PlannedPart;
  }

  #begin(planned: PlannedPart, now: number): void {
    const { index, part, needs } = planned;
    this.begunAt[index] = now;
    let input: unknown;
    try {
      input = part.input(this.contextOf(needs));
    } catch (error) {
      return this.#missed(planned, error, now);
    }
    if (input === undefined) return this.#unasked(planned, now);
    const { byIds } = part.operation;
    if (byIds !== undefined && idsOf(byIds, input).length === 0) {
      this.values[index] = { [byIds.items]: [] };
      this.states[index] = 'skipped';
      return this.#settled(planned, now);
    }
    if (part.each !== undefined && (input as readonly unknown[]).length === 0) {
      this.values[index] = [];
      this.states[index] = 'skipped';
      return this.#settled(planned, now);
    }
    this.#ask(planned, input, now);
  }

  /** A part of which items failed is not complete; it is missing where all of them did. */
  #noteItems(index: number, { failures, input, reports }: EachCall): void {
    if (failures.size === 0) {
      if (reports.length === 0) this.states[index] = 'skipped';
      return;
    }
    this.states[index] = failures.size === (input as readonly unknown[]).length ? 'missing' : 'default';
    this.errors[index] = failures.values().next().value;
  }

  #ask(planned: PlannedPart, input: unknown, now: number): void {
    const { index, part, lane } = planned;
    const budget = Math.min((this.#deadline - now) * part.share, part.timeoutMs ?? Infinity);
    if (!(budget > 0)) return this.#missed(planned, lateError(part, 0), now);
    const deadline = now + budget;
    const call =
      part.each === undefined
        ? new PartCall(planned, { input, deadline }, this)
        : new EachCall(planned, { input: input as readonly unknown[], deadline }, this, part.each);
    this.calls[index] = call;
    if (call.deadline < this.until) {
      this.until = call.deadline;
      this.#deadlines.watch(this);
    }
    const { dispatch } = this.options;
    if (lane === 'direct') return call.send(dispatch);
    this.#shared ??= new SharedCalls({ plan: this.plan, dispatch, clock: this.#clock });
    this.#shared.ask(call);
  }

  /** Nothing to ask is no fault, unless it comes from a part that is missing. */
  #unasked(planned: PlannedPart, now: number): void {
    const { index, part, needs } = planned;
    this.values[index] = part.fallback?.value;
    if (needs.some((need) => isDegraded(this.states[need]))) {
      this.states[index] = part.fallback === undefined ? 'missing' : 'default';
    } else this.states[index] = 'skipped';
    this.#settled(planned, now);
  }

  #expirePart(call: PartCall, now: number): void {
    const { planned, deadline } = call;
    const late = lateError(planned.part, deadline - (this.begunAt[planned.index] ?? 0));
    call.expire(late);
    // One of many calls has arrived by now, with what there is.
    if (planned.part.each === undefined) this.#missed(planned, late, now);
  }

  #missed(planned: PlannedPart, error: unknown, now: number): void {
    const { index, part } = planned;
    this.errors[index] = error;
    if (part.kind === 'required') {
      this.states[index] = 'missing';
      this.endedAt[index] = now;
      return this.end(missingPart(part, error));
    }
    this.values[index] = part.fallback?.value;
    this.states[index] = part.fallback === undefined ? 'missing' : 'default';
    this.#settled(planned, now);
  }

  #settled(planned: PlannedPart, now: number): void {
    const { index, isDeferred, dependents } = planned;
    this.endedAt[index] = now;
    this.#left -= 1;
    if (!isDeferred) this.#firstsLeft -= 1;
    else if (!this.#view(planned)) return;
    for (const dependent of dependents) {
      const left = (this.#needsLeft[dependent] ?? 0) - 1;
      this.#needsLeft[dependent] = left;
      if (left === 0) this.#begin(this.#partAt(dependent), now);
      if (this.#isOver) return;
    }
    if (isDeferred) this.listener.deferred(planned);
    this.#progress();
  }

  /** Makes a deferred part's field of the answer. Where that fails, so does the run: it is a defect of ours. */
  #view({ index, part, needs }: PlannedPart): boolean {
    const value = this.values[index];
    if (value === undefined || part.view === undefined) {
      this.views[index] = value;
      return true;
    }
    try {
      this.views[index] = part.view(this.contextOf([...needs, index]));
      return true;
    } catch (error) {
      this.end(asCodedError(error));
      return false;
    }
  }

  #progress(): void {
    if (this.#isOver) return;
    if (this.#firstsLeft === 0) {
      this.#firstsLeft = -1;
      this.listener.first();
    }
    if (this.#left > 0 || this.#isOver) return;
    this.#close();
    this.listener.complete();
  }

  #close(): void {
    this.#isOver = true;
    this.#deadlines.forget(this);
    this.options.signal.removeEventListener('abort', this.#onAbort);
  }
}

/** The request as inputs and shapes see it. */
class RunContext {
  readonly [name: string]: unknown;
  readonly #seeCaller: () => Caller | undefined;

  constructor(
    readonly input: unknown,
    seeCaller: () => Caller | undefined,
  ) {
    this.#seeCaller = seeCaller;
  }

  get caller(): Caller | undefined {
    return this.#seeCaller();
  }
}

function lateError({ name, operation }: Part, ms: number): CodedError {
  return timeoutError(`${operation.service} (${name})`, Math.max(0, ms));
}
