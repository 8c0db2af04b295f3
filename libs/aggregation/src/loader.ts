import { canonicalJson, type Answer, type ByIds, type Call, type CallOptions } from '@facet/contracts';
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
interface Waiting extends Ask {
  hasLeft: boolean;
  readonly flights: Flight[];
}

/** Calls that are one: the same operation and input or, by ids, the same input beside the ids. */
interface Group {
  readonly operation: Query;
  readonly key: string;
  readonly waiting: Waiting[];
}

interface Sent {
  readonly operation: Query;
  readonly key: string;
  readonly waiting: readonly Waiting[];
  readonly fields: readonly string[] | undefined;
  readonly input: unknown;
}

/** One call and those who wait for it. */
class Flight {
  readonly parts: string[] = [];
  private readonly watching = new Set<Waiting>();
  private readonly controller = new AbortController();
  answer: Promise<Answer<unknown>> = new Promise(() => undefined);

  constructor(
    readonly fields: readonly string[] | undefined,
    readonly raw: boolean,
  ) {}

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  join(ask: Waiting): void {
    if (!this.parts.includes(ask.part)) this.parts.push(ask.part);
    this.watching.add(ask);
    ask.flights.push(this);
  }

  leave(ask: Waiting, reason: Error): void {
    if (this.watching.delete(ask) && this.watching.size === 0) this.controller.abort(reason);
  }
}

export interface LoaderOptions {
  readonly call: Call;
  readonly now: () => number;
}

/**
 * The calls of one request. What is asked for within one turn of the event loop goes out together: by ids as one call
 * for all distinct ids (in chunks of the contract's maximum), and the same question once. The same question again joins
 * the call that is under way. A call is cancelled when the last one that waits for it has left.
 */
export class Loader {
  readonly calls: CallReport[] = [];
  private readonly groups = new Map<string, Group>();
  private readonly flights = new Map<string, Flight>();

  constructor(private readonly options: LoaderOptions) {}

  /** Gives the answer to `ask`. The function that it gives back leaves: nothing is told any more. */
  load(ask: Ask): (reason: Error) => void {
    const waiting: Waiting = { ...ask, hasLeft: false, flights: [] };
    this.enqueue(waiting);
    return (reason) => {
      waiting.hasLeft = true;
      for (const flight of waiting.flights) flight.leave(waiting, reason);
    };
  }

  private enqueue(waiting: Waiting): void {
    const { operation, input } = waiting;
    const key = `${operation.pattern} ${canonicalJson(withoutIds(operation, input))}`;
    const group = this.groups.get(key);
    if (group !== undefined) {
      group.waiting.push(waiting);
      return;
    }
    if (this.groups.size === 0) afterThisTurn(() => this.flush());
    this.groups.set(key, { operation, key, waiting: [waiting] });
  }

  private flush(): void {
    const groups = [...this.groups.values()];
    this.groups.clear();
    for (const group of groups) {
      const waiting = group.waiting.filter(({ hasLeft }) => !hasLeft);
      if (waiting.length === 0) continue;
      if (group.operation.byIds === undefined) this.sendOnce({ ...group, waiting });
      else this.sendByIds({ ...group, waiting }, group.operation.byIds);
    }
  }

  private sendOnce({ operation, key, waiting }: Group): void {
    const fields = union(waiting);
    const known = this.flights.get(key);
    const isJoined = known !== undefined && !known.signal.aborted && brings(known, waiting, fields);
    const flight = isJoined
      ? known
      : this.send({ operation, key, waiting, fields, input: waiting[0]?.input });
    for (const ask of waiting) {
      if (isJoined) flight.join(ask);
      flight.answer.then(ask.resolve, ask.reject);
    }
  }

  private sendByIds({ operation, key, waiting }: Group, byIds: ByIds): void {
    const asked = new Map(waiting.map((ask) => [ask, idsOf(byIds, ask.input)]));
    const distinct = [...new Set([...asked.values()].flat())];
    const fields = withKey(byIds, union(waiting));
    const chunks = chunked(distinct, byIds.max).map((ids) => {
      const here = waiting.filter((ask) => asked.get(ask)?.some((id) => ids.includes(id)));
      const input = { ...(waiting[0]?.input as object), [byIds.ids]: ids };
      const { answer } = this.send({
        operation,
        key: `${key} ${canonicalJson(ids)}`,
        waiting: here,
        fields,
        input,
      });
      return { here, answer };
    });
    for (const ask of waiting) {
      const own = chunks.filter(({ here }) => here.includes(ask)).map(({ answer }) => answer);
      Promise.all(own)
        .then((answers) => joined(byIds, answers, asked.get(ask) ?? []))
        .then(ask.resolve, ask.reject);
    }
  }

  private send({ operation, key, waiting, fields, input }: Sent): Flight {
    const flight = new Flight(fields, isPassedOn(waiting));
    for (const ask of waiting) flight.join(ask);
    const report: CallReport = {
      service: operation.service,
      operation: operation.name,
      parts: flight.parts,
      startedAt: this.options.now(),
      ...(operation.byIds === undefined ? {} : { ids: idsOf(operation.byIds, input).length }),
    };
    this.calls.push(report);
    const deadline = Math.max(...waiting.map((ask) => ask.deadline));
    const options: CallOptions = {
      signal: flight.signal,
      deadline,
      ...(fields === undefined ? {} : { fields }),
      ...(flight.raw ? { raw: true } : {}),
    };
    flight.answer = this.answerOf(report, operation, input, options).finally(() => {
      report.endedAt = this.options.now();
      if (this.flights.get(key) === flight) this.flights.delete(key);
    });
    this.flights.set(key, flight);
    return flight;
  }

  private async answerOf(report: CallReport, ...call: Parameters<Call>): Promise<Answer<unknown>> {
    const answer = await this.options.call(...call);
    report.source = answer.source;
    return answer;
  }
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
function union(asks: readonly Ask[]): readonly string[] | undefined {
  if (asks.length === 1) return asks[0]?.fields;
  if (asks.some(({ fields }) => fields === undefined)) return undefined;
  return [...new Set(asks.flatMap(({ fields }) => fields ?? []))];
}

/** Whether all of them want the same JSON: where one looks into it, or they read differently, it is parsed for all. */
function isPassedOn(asks: readonly Ask[]): boolean {
  return asks.every(({ whole, fields }) => whole && (asks.length === 1 || fields === undefined));
}

/** Whether a call that is under way serves those who ask now. */
function brings(flight: Flight, asks: readonly Ask[], wanted: readonly string[] | undefined): boolean {
  if (flight.raw) return flight.fields === undefined && wanted === undefined && isPassedOn(asks);
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
