import {
  canonicalJson,
  type Answer,
  type AnswerHandler,
  type ByIds,
  type CallRequest,
  type Cancel,
  type Clock,
  type Dispatch,
  type Selection,
} from '@facet/contracts';
import type { Query } from './aggregation.js';
import type { CallReport } from './report.js';
import type { PartCall } from './part-call.js';
import { covers, unionOf, type Plan } from './plan.js';

/** Calls that are one: the same operation and input or, by ids, the same input beside the ids. */
type Group = readonly [Subscriber, ...Subscriber[]];

/** A part that waits for one call, or for the chunks that hold its ids. */
class Subscriber {
  readonly calls: InFlightCall[] = [];
  readonly #answers: Answer<unknown>[] = [];
  #key: string | undefined;

  constructor(readonly of: PartCall) {
    of.carriedBy((reason) => this.leave(reason));
  }

  get operation(): Query {
    return this.of.planned.part.operation;
  }

  /** What makes its call another one than that of a part with the same operation. */
  get key(): string {
    return (this.#key ??= canonicalJson(withoutIds(this.operation, this.of.input)));
  }

  arrived(answer: Answer<unknown>): void {
    const { byIds } = this.operation;
    if (byIds === undefined) return this.of.arrived(answer);
    this.#answers.push(answer);
    if (this.#answers.length < this.calls.length) return;
    let joined: Answer<unknown>;
    try {
      joined = joinAnswers(byIds, this.#answers, idsOf(byIds, this.of.input));
    } catch (error) {
      return this.of.missed(error);
    }
    this.of.arrived(joined);
  }

  /** What the other chunks would bring is of no use any more. */
  missed(error: unknown): void {
    this.of.missed(error);
    this.leave(error);
  }

  leave(reason: unknown): void {
    for (const call of this.calls) call.leave(this, reason);
  }
}

/** One call and the parts that wait for it. It is cancelled when the last of them has left. */
class InFlightCall implements CallRequest, AnswerHandler {
  readonly deadline: number;
  readonly report: CallReport;
  readonly #subscribers = new Set<Subscriber>();
  #cancel: Cancel | undefined;
  isOver = false;

  constructor(
    readonly owner: SharedCalls,
    readonly group: Group,
    readonly selection: Selection,
    readonly input: unknown,
  ) {
    const { service, name, byIds } = selection.operation;
    this.deadline = Math.max(...group.map(({ of }) => of.deadline));
    this.report = {
      request: this,
      service,
      operation: name,
      parts: [],
      startedAt: owner.now(),
      ...(byIds === undefined ? undefined : { ids: idsOf(byIds, input).length }),
    };
    for (const subscriber of group) this.join(subscriber);
  }

  join(subscriber: Subscriber): void {
    const { name } = subscriber.of.planned.part;
    if (!this.report.parts.includes(name)) this.report.parts.push(name);
    this.#subscribers.add(subscriber);
    subscriber.calls.push(this);
  }

  send(dispatch: Dispatch): void {
    let cancel: Cancel;
    try {
      cancel = dispatch(this, this);
    } catch (error) {
      return this.missed(error);
    }
    if (!this.isOver) this.#cancel = cancel;
  }

  arrived(answer: Answer<unknown>): void {
    if (!this.#end()) return;
    this.report.source = answer.source;
    for (const subscriber of this.#subscribers) subscriber.arrived(answer);
  }

  missed(error: unknown): void {
    if (!this.#end()) return;
    for (const subscriber of this.#subscribers) subscriber.missed(error);
  }

  /** One of those who wait does so no longer. */
  leave(subscriber: Subscriber, reason: unknown): void {
    this.#subscribers.delete(subscriber);
    if (this.#subscribers.size > 0 || this.isOver) return;
    this.isOver = true;
    this.owner.forget(this);
    this.#cancel?.(reason);
  }

  #end(): boolean {
    if (this.isOver) return false;
    this.isOver = true;
    this.owner.forget(this);
    this.report.endedAt = this.owner.now();
    return true;
  }
}

/** Of the time that a part has left, the least that a call under way must have left too for the part to join it. */
const ENOUGH = 0.8;

export interface SharedCallsOptions {
  readonly plan: Plan;
  readonly dispatch: Dispatch;
  readonly clock: Clock;
}

/**
 * The calls of one run that several parts may share. What is asked for within one turn of the event loop goes out together:
 * by ids as one call for all distinct ids (in chunks of the contract's maximum), and the same question once. The same
 * question again, unless it is by ids, joins a call under way that covers what is read and has about as much time left.
 */
export class SharedCalls {
  readonly reports: CallReport[] = [];
  #queue: Subscriber[] = [];
  readonly #underWay = new Set<InFlightCall>();

  constructor(private readonly options: SharedCallsOptions) {}

  now(): number {
    return this.options.clock.now();
  }

  /** Asks at the end of the turn where another part of the plan may ask the same, else at once. */
  ask(call: PartCall): void {
    const subscriber = new Subscriber(call);
    if (!call.planned.isShared) return this.#dispatchGroup([subscriber]);
    if (this.#queue.length === 0) afterThisTurn(this);
    this.#queue.push(subscriber);
  }

  flush(): void {
    const asked = this.#queue.filter(({ of }) => !of.isOver);
    this.#queue = [];
    for (const group of grouped(asked)) this.#dispatchGroup(group);
  }

  forget(call: InFlightCall): void {
    this.#underWay.delete(call);
  }

  #dispatchGroup(group: Group): void {
    const waiting = group.filter(({ of }) => !of.isOver) as unknown as Group;
    if (waiting.length === 0) return;
    const { byIds } = waiting[0].operation;
    const selection = unionOf(
      this.options.plan,
      waiting.map(({ of }) => of.planned),
    );
    if (byIds !== undefined) return this.#dispatchByIds(waiting, selection, byIds);
    const known = this.#joinable(waiting, selection);
    if (known === undefined) this.#dispatch(waiting, selection, waiting[0].of.input);
    else for (const subscriber of waiting) known.join(subscriber);
  }

  /** A call under way that covers what the group asks for, and does not end much before their time is up. */
  #joinable(group: Group, selection: Selection): InFlightCall | undefined {
    const now = this.now();
    const until = now + ENOUGH * (Math.max(...group.map(({ of }) => of.deadline)) - now);
    for (const call of this.#underWay) {
      const isSameQuestion = isSame(call.group[0], group[0]);
      if (isSameQuestion && call.deadline >= until && covers(call.selection, selection)) return call;
    }
    return undefined;
  }

  #dispatchByIds(group: Group, selection: Selection, byIds: ByIds): void {
    const ids = group.map(({ of }) => new Set(idsOf(byIds, of.input)));
    const distinct = [...new Set(ids.flatMap((own) => [...own]))];
    const calls = chunked(distinct, byIds.max).map((chunk) => {
      const here = group.filter((_, index) => chunk.some((id) => ids[index]?.has(id)));
      const input = { ...(group[0].of.input as object), [byIds.ids]: chunk };
      return new InFlightCall(this, here as unknown as Group, selection, input);
    });
    // Each part knows all of its chunks before the first may answer.
    for (const call of calls) if (!call.isOver) this.#send(call);
  }

  #dispatch(group: Group, selection: Selection, input: unknown): void {
    this.#send(new InFlightCall(this, group, selection, input));
  }

  #send(call: InFlightCall): void {
    this.reports.push(call.report);
    this.#underWay.add(call);
    call.send(this.options.dispatch);
  }
}

let flushing: SharedCalls[] = [];

/** Once everything that has become known by now has had its say. */
function afterThisTurn(calls: SharedCalls): void {
  flushing.push(calls);
  if (flushing.length === 1) queueMicrotask(flushNext);
}

const flushNext = (): void => process.nextTick(flushAll);

function flushAll(): void {
  const due = flushing;
  flushing = [];
  for (const calls of due) calls.flush();
}

/** Those who ask for the same, together; in the order of the first of each. */
function grouped(asked: readonly Subscriber[]): readonly Group[] {
  const groups: [Subscriber, ...Subscriber[]][] = [];
  for (const subscriber of asked) {
    const own = groups.find(([first]) => isSame(first, subscriber));
    if (own === undefined) groups.push([subscriber]);
    else own.push(subscriber);
  }
  return groups;
}

function isSame(one: Subscriber, other: Subscriber): boolean {
  return one.operation.pattern === other.operation.pattern && one.key === other.key;
}

function withoutIds(operation: Query, input: unknown): unknown {
  return operation.byIds === undefined ? input : { ...(input as object), [operation.byIds.ids]: undefined };
}

export function idsOf(byIds: ByIds, input: unknown): readonly string[] {
  return (input as Record<string, readonly string[]>)[byIds.ids] ?? [];
}

function chunked<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  if (all.length <= size) return [all];
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
}

/** One part's own items out of the answers that hold them, in the order of its ids. */
function joinAnswers(
  byIds: ByIds,
  answers: readonly Answer<unknown>[],
  ids: readonly string[],
): Answer<unknown> {
  const values = answers.map(({ value }) => value as Record<string, unknown>);
  const byKey = new Map<unknown, unknown>();
  for (const value of values) {
    for (const item of value[byIds.items] as Record<string, unknown>[]) byKey.set(item[byIds.key], item);
  }
  const own = [...new Set(ids)].flatMap((id) => byKey.get(id) ?? []);
  const sources = answers.map(({ source }) => source);
  const fields = answers[0]?.fields;
  return {
    value: { ...values[0], [byIds.items]: own },
    source: sources.includes('stale') ? 'stale' : sources.includes('cached') ? 'cached' : 'fresh',
    ageMs: Math.max(0, ...answers.map(({ ageMs }) => ageMs)),
    ...(fields !== undefined && answers.every((each) => each.fields === fields) ? { fields } : undefined),
  };
}
