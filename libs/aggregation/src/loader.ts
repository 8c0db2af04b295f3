import {
  canonicalJson,
  Cancellation,
  type Answer,
  type ByIds,
  type Call,
  type CallOptions,
} from '@facet/contracts';
import type { Query } from './aggregation.js';

/** One call that was made for one or more parts. Times in milliseconds on the run's clock. */
export interface CallReport {
  readonly service: string;
  readonly operation: string;
  readonly parts: readonly string[];
  /** How many ids a call by ids carried. */
  readonly ids?: number;
  readonly startedAt: number;
  endedAt?: number;
  /** Where its answer came from; absent where there was none. */
  source?: Answer<unknown>['source'];
}

export interface Ask {
  readonly part: string;
  readonly operation: Query;
  readonly input: unknown;
  readonly fields?: readonly string[];
  /** Whether the value is only passed on. */
  readonly whole: boolean;
  readonly deadline: number;
  readonly resolve: (answer: Answer<unknown>) => void;
  readonly reject: (error: Error) => void;
}

/** An ask on its way, and the calls that it waits for. */
class Waiting {
  hasLeft = false;
  readonly flights: Flight[] = [];
  #key: string | undefined;

  constructor(readonly ask: Ask) {}

  /** What makes its call another one than that of an ask for the same operation. Mostly nobody wants to know. */
  get key(): string {
    return (this.#key ??= canonicalJson(withoutIds(this.ask.operation, this.ask.input)));
  }

  /** Waits no longer. */
  leave(reason: Error): void {
    if (this.hasLeft) return;
    this.hasLeft = true;
    for (const flight of this.flights) flight.leave(reason);
  }
}

/** Calls that are one: the same operation and input or, by ids, the same input beside the ids. */
type Group = readonly [Waiting, ...Waiting[]];

/** One call and those who wait for it. */
class Flight {
  readonly first: Waiting;
  readonly parts: string[] = [];
  readonly deadline: number;
  readonly raw: boolean;
  readonly signal = new Cancellation();
  readonly answer: Promise<Answer<unknown>>;
  private watching = 0;

  constructor(
    group: Group,
    readonly input: unknown,
    readonly fields: readonly string[] | undefined,
    fly: (flight: Flight) => Promise<Answer<unknown>>,
  ) {
    this.first = group[0];
    this.deadline = Math.max(...group.map(({ ask }) => ask.deadline));
    this.raw = isPassedOn(group);
    for (const waiting of group) this.join(waiting);
    this.answer = fly(this);
  }

  join(waiting: Waiting): void {
    if (!this.parts.includes(waiting.ask.part)) this.parts.push(waiting.ask.part);
    this.watching += 1;
    waiting.flights.push(this);
  }

  /** One of those who wait does so no longer. */
  leave(reason: Error): void {
    this.watching -= 1;
    if (this.watching === 0) this.signal.cancel(reason);
  }
}

/** Of the time that an ask has left, the least that a call under way must have left too for the ask to join it. */
const ENOUGH = 0.8;

export interface LoaderOptions {
  readonly call: Call;
  readonly now: () => number;
}

/**
 * The calls of one request. What is asked for within one turn of the event loop goes out together: by ids as one call
 * for all distinct ids (in chunks of the contract's maximum), and the same question once. The same question again, unless
 * it is by ids, joins a call under way that brings what is read and has about as much time left. A call is cancelled when
 * the last one that waits for it has left.
 */
export class Loader {
  readonly calls: CallReport[] = [];
  private queue: Waiting[] = [];
  private readonly flights = new Set<Flight>();

  constructor(private readonly options: LoaderOptions) {}

  /** Gives the answer to `ask`. The function that it gives back leaves: nothing is told any more. */
  load(ask: Ask): (reason: Error) => void {
    const waiting = new Waiting(ask);
    if (this.queue.length === 0) afterThisTurn(() => this.flush());
    this.queue.push(waiting);
    return (reason) => waiting.leave(reason);
  }

  private flush(): void {
    const asked = this.queue;
    this.queue = [];
    for (const group of grouped(asked.filter(({ hasLeft }) => !hasLeft))) {
      const { byIds } = group[0].ask.operation;
      if (byIds === undefined) this.sendOnce(group);
      else this.sendByIds(group, byIds);
    }
  }

  private sendOnce(group: Group): void {
    const fields = union(group);
    const known = this.underWay(group, fields);
    const flight = known ?? this.send(group, group[0].ask.input, fields);
    for (const waiting of group) {
      if (known !== undefined) known.join(waiting);
      flight.answer.then(waiting.ask.resolve, waiting.ask.reject);
    }
  }

  /** A call under way that brings what the group asks for, and does not end much before their time is up. */
  private underWay(group: Group, fields: readonly string[] | undefined): Flight | undefined {
    const now = this.options.now();
    const until = now + ENOUGH * (Math.max(...group.map(({ ask }) => ask.deadline)) - now);
    for (const flight of this.flights) {
      const isUsable = !flight.signal.aborted && flight.deadline >= until;
      if (isUsable && isSame(flight.first, group[0]) && brings(flight, group, fields)) return flight;
    }
    return undefined;
  }

  private sendByIds(group: Group, byIds: ByIds): void {
    const asked = new Map(group.map((waiting) => [waiting, idsOf(byIds, waiting.ask.input)]));
    const distinct = [...new Set([...asked.values()].flat())];
    const fields = withKey(byIds, union(group));
    const chunks = chunked(distinct, byIds.max).map((ids) => {
      const here = group.filter((waiting) => asked.get(waiting)?.some((id) => ids.includes(id)));
      const input = { ...(group[0].ask.input as object), [byIds.ids]: ids };
      // Each id is somebody's.
      return { here, answer: this.send(here as unknown as Group, input, fields).answer };
    });
    for (const waiting of group) {
      const own = chunks.filter(({ here }) => here.includes(waiting)).map(({ answer }) => answer);
      Promise.all(own)
        .then((answers) => joined(byIds, answers, asked.get(waiting) ?? []))
        .then(waiting.ask.resolve, (error: Error) => {
          waiting.ask.reject(error);
          // What the other chunks would bring is of no use any more.
          waiting.leave(error);
        });
    }
  }

  private send(group: Group, input: unknown, fields: readonly string[] | undefined): Flight {
    return new Flight(group, input, fields, (flight) => this.fly(flight));
  }

  private async fly(flight: Flight): Promise<Answer<unknown>> {
    this.flights.add(flight);
    const { first, parts, input, signal, deadline, fields, raw } = flight;
    const { operation } = first.ask;
    const { service, name, byIds } = operation;
    const report: CallReport = {
      service,
      operation: name,
      parts,
      startedAt: this.options.now(),
      ...(byIds === undefined ? undefined : { ids: idsOf(byIds, input).length }),
    };
    this.calls.push(report);
    const options: CallOptions = {
      signal,
      deadline,
      ...(fields === undefined ? undefined : { fields }),
      ...(raw ? { raw } : undefined),
    };
    try {
      const answer = await this.options.call(operation, input, options);
      report.source = answer.source;
      return answer;
    } finally {
      report.endedAt = this.options.now();
      this.flights.delete(flight);
    }
  }
}

/** Those who ask for the same, together; in the order of the first of each. */
function grouped(asked: readonly Waiting[]): readonly Group[] {
  const groups: [Waiting, ...Waiting[]][] = [];
  for (const waiting of asked) {
    const own = groups.find(([first]) => isSame(first, waiting));
    if (own === undefined) groups.push([waiting]);
    else own.push(waiting);
  }
  return groups;
}

function isSame(one: Waiting, other: Waiting): boolean {
  return one.ask.operation.pattern === other.ask.operation.pattern && one.key === other.key;
}

/** Once everything that has become known by now has had its say. */
function afterThisTurn(action: () => void): void {
  queueMicrotask(() => process.nextTick(action));
}

function withoutIds(operation: Query, input: unknown): unknown {
  return operation.byIds === undefined ? input : { ...(input as object), [operation.byIds.ids]: undefined };
}

export function idsOf(byIds: ByIds, input: unknown): readonly string[] {
  return (input as Record<string, readonly string[]>)[byIds.ids] ?? [];
}

/** The paths that all of them read together; undefined where one of them reads everything. */
function union(group: Group): readonly string[] | undefined {
  if (group.length === 1) return group[0].ask.fields;
  if (group.some(({ ask }) => ask.fields === undefined)) return undefined;
  return [...new Set(group.flatMap(({ ask }) => ask.fields ?? []))];
}

/** Whether all of them want the same JSON: where one looks into it, or they read differently, it is parsed for all. */
function isPassedOn(group: Group): boolean {
  return group.every(({ ask: { whole, fields } }) => whole && (group.length === 1 || fields === undefined));
}

/** Whether a call that is under way serves those who ask now. */
function brings(flight: Flight, group: Group, wanted: readonly string[] | undefined): boolean {
  if (flight.raw) return flight.fields === undefined && wanted === undefined && isPassedOn(group);
  return covers(flight.fields, wanted);
}

function covers(sent: readonly string[] | undefined, wanted: readonly string[] | undefined): boolean {
  return sent === undefined || (wanted !== undefined && wanted.every((field) => sent.includes(field)));
}

/** The key of each item is read by the join itself. */
function withKey(byIds: ByIds, fields: readonly string[] | undefined): readonly string[] | undefined {
  if (fields === undefined || fields.includes(byIds.items)) return fields;
  return [...new Set([...fields, `${byIds.items}.${byIds.key}`])];
}

function chunked<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
}

/** One part's own items out of the answers that hold them, in the order of its ids. */
function joined(byIds: ByIds, answers: readonly Answer<unknown>[], ids: readonly string[]): Answer<unknown> {
  const values = answers.map(({ value }) => value as Record<string, unknown>);
  const items = values.flatMap((value) => value[byIds.items] as Record<string, unknown>[]);
  const byKey = new Map(items.map((item) => [item[byIds.key], item]));
  const own = [...new Set(ids)].flatMap((id) => byKey.get(id) ?? []);
  const sources = answers.map(({ source }) => source);
  return {
    value: { ...values[0], [byIds.items]: own },
    source:
      sources.find((source) => source === 'stale') ??
      sources.find((source) => source === 'cached') ??
      'fresh',
    ageMs: Math.max(0, ...answers.map(({ ageMs }) => ageMs)),
  };
}
