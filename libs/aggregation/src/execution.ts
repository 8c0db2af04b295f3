import {
  asCodedError,
  cancelledError,
  factsOf,
  isRefusal,
  RawJson,
  timeoutError,
  type Answer,
  type Call,
  type Caller,
  type Clock,
  type Signal,
} from '@facet/contracts';
import type { Aggregation, Context, Part } from './aggregation.js';
import { AggregationError, aggregationCodes, UNAVAILABLE } from './errors.js';
import { pick } from './fields.js';
import { freshnessOf, isDegraded, outdatedOf } from './freshness.js';
import { idsOf, Loader } from './loader.js';
import type { Arrival, Outcome, PartReport } from './outcome.js';
import { Waits, type Wait } from './waits.js';

/** What one run is given. */
export interface RunOptions<Input> {
  /** What the client sent, parsed by the aggregation's own schema. */
  readonly input: Input;
  readonly caller?: Caller;
  readonly call: Call;
  /** Fires when the client has gone, or its time is up. */
  readonly signal: Signal;
  /** The request's own deadline on the clock of `performance.now()`; the earlier of it and the aggregation's holds. */
  readonly deadline?: number;
  readonly clock?: Clock;
}

interface Settled {
  readonly part: Part;
  readonly value: unknown;
  /** A deferred part's field of the answer. */
  readonly view: unknown;
  readonly report: PartReport;
}

type Facts = Pick<PartReport, 'status' | 'ageMs' | 'reason' | 'error'>;

/** One run of one aggregation. Every part starts when it is made, as soon as the parts that it needs have settled. */
export class Execution {
  private readonly startedAt: number;
  private readonly deadline: number;
  private readonly loader: Loader;
  private readonly settled = new Map<string, Promise<Settled>>();
  private readonly clock: Clock;
  private readonly waits: Waits;
  private readonly letGo: () => void;
  private readsCaller = false;
  private shape: object | undefined;
  /** The context of all parts that need nothing but the request. */
  private request: Context | undefined;

  constructor(
    private readonly aggregation: Aggregation,
    private readonly options: RunOptions<unknown> & { clock: Clock },
  ) {
    this.clock = options.clock;
    this.startedAt = this.clock.now();
    this.deadline = Math.min(this.startedAt + aggregation.deadlineMs, options.deadline ?? Infinity);
    this.loader = new Loader({ call: options.call, now: () => this.clock.now() });
    this.waits = new Waits(this.clock);
    this.letGo = this.follow(options.signal);
    for (const part of aggregation.parts) {
      const settled = this.start(part);
      if (part.kind === 'deferred') settled.catch(() => undefined); // Nobody may wait for it any more when it fails.
      this.settled.set(part.name, settled);
    }
  }

  async first(): Promise<Outcome<object>> {
    const made = await this.settledParts((part) => part.kind !== 'deferred');
    const later = this.aggregation.parts.some((part) => part.kind === 'deferred');
    const outcome = this.outcome(made, this.shaped(made));
    return later ? { ...outcome, freshness: { store: false, because: 'incomplete' } } : outcome;
  }

  async whole(): Promise<Outcome<object>> {
    const made = await this.settledParts(() => true);
    const value: Record<string, unknown> = { ...this.shaped(made) };
    for (const { part, view } of made) {
      if (part.kind === 'deferred' && !part.hidden && view !== undefined) value[part.name] = view;
    }
    this.letGo();
    return this.outcome(made, value);
  }

  async *arrivals(): AsyncGenerator<Arrival> {
    const deferred = this.aggregation.parts.filter((part) => part.kind === 'deferred' && !part.hidden);
    const pending = new Map(deferred.map(({ name }) => [name, this.settledPart(name)]));
    try {
      while (pending.size > 0) {
        const { part, view, report } = await Promise.race(pending.values());
        pending.delete(part.name);
        yield { part: part.name, value: view, report };
      }
    } finally {
      if (pending.size > 0) this.waits.end(cancelledError(undefined));
    }
  }

  /** Ends with the signal; gives back how to let go of it. */
  private follow(signal: Signal): () => void {
    const leave = () => this.waits.end(cancelledError(signal.reason));
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    return () => signal.removeEventListener('abort', leave);
  }

  private start(part: Part): Promise<Settled> {
    if (part.needs.length === 0) return this.settle(part, []);
    return Promise.all(part.needs.map((need) => this.settledPart(need))).then((needs) =>
      this.settle(part, needs),
    );
  }

  private settledPart(name: string): Promise<Settled> {
    const settled = this.settled.get(name);
    if (settled === undefined) throw new Error(`${this.aggregation.name} has no part "${name}"`);
    return settled;
  }

  private async settledParts(take: (part: Part) => boolean): Promise<Settled[]> {
    try {
      return await Promise.all(this.aggregation.parts.filter(take).map(({ name }) => this.settledPart(name)));
    } catch (error) {
      this.end(asCodedError(error));
      throw error;
    }
  }

  private end(reason: Error): void {
    this.waits.end(reason);
    this.letGo();
  }

  private async settle(part: Part, needs: readonly Settled[]): Promise<Settled> {
    const startedAt = this.clock.now();
    const settled = (value: unknown, facts: Facts): Settled => ({
      part,
      value,
      view: value === undefined ? undefined : this.view(part, needs, value),
      report: this.report(part, startedAt, facts),
    });
    try {
      this.waits.throwIfEnded();
      const input = part.input(this.context(needs));
      if (input === undefined) return settled(part.fallback?.value, unasked(part, needs));
      const { byIds } = part.operation;
      if (byIds !== undefined && idsOf(byIds, input).length === 0) {
        return settled({ [byIds.items]: [] }, { status: 'skipped' });
      }
      const answer = await this.ask(part, input);
      return settled(valueOf(part, answer), { status: answer.source, ageMs: answer.ageMs });
    } catch (error) {
      this.waits.throwIfEnded();
      if (part.kind === 'required') throw missing(part, error);
      const status = part.fallback === undefined ? 'missing' : 'default';
      return settled(part.fallback?.value, { status, reason: factsOf(error).code, error });
    }
  }

  private report(part: Part, startedAt: number, facts: Facts): PartReport {
    const { name, kind, operation } = part;
    return {
      part: name,
      kind,
      service: operation.service,
      operation: operation.name,
      startedMs: startedAt - this.startedAt,
      tookMs: this.clock.now() - startedAt,
      ...facts,
    };
  }

  private view(part: Part, needs: readonly Settled[], value: unknown): unknown {
    if (part.view === undefined) return value;
    try {
      return part.view(this.context([...needs, { part, value }]));
    } catch (error) {
      throw asCodedError(error);
    }
  }

  private ask(part: Part, input: unknown): Promise<Answer<unknown>> {
    const now = this.clock.now();
    const budget = Math.min((this.deadline - now) * part.share, part.timeoutMs ?? Infinity);
    const late = () => timeoutError(`${part.operation.service} (${part.name})`, Math.max(0, budget));
    if (!(budget > 0)) return Promise.reject(late());
    const { name, operation, fields, whole } = part;
    const deadline = now + budget;
    return new Promise((resolve, reject) => {
      const settle = (report: () => void) => {
        this.waits.done(wait);
        report();
      };
      const leave = this.loader.load({
        part: name,
        operation,
        input,
        deadline,
        whole,
        ...(fields === undefined ? {} : { fields }),
        resolve: (answer) => settle(() => resolve(answer)),
        reject: (error) => settle(() => reject(error)),
      });
      const wait: Wait = {
        until: deadline,
        late,
        stop: (reason) => settle(() => (leave(reason), reject(reason))),
      };
      this.waits.add(wait);
    });
  }

  /** The request and the values of some parts. Whoever looks at the caller is remembered: the answer is then private. */
  private context(parts: readonly Pick<Settled, 'part' | 'value'>[]): Context {
    return parts.length === 0 ? (this.request ??= this.contextOf(parts)) : this.contextOf(parts);
  }

  private contextOf(parts: readonly Pick<Settled, 'part' | 'value'>[]): Context {
    const context: Record<string, unknown> = new RequestSeen(this.options.input, () => {
      this.readsCaller = true;
      return this.options.caller;
    });
    for (const { part, value } of parts) context[part.name] = value;
    return context;
  }

  private shaped(made: readonly Settled[]): object {
    try {
      const early = made.filter(({ part }) => part.kind !== 'deferred');
      return (this.shape ??= this.aggregation.shape(this.context(early)));
    } catch (error) {
      const failure = asCodedError(error);
      this.end(failure);
      throw failure;
    }
  }

  private outcome(made: readonly Settled[], value: object): Outcome<object> {
    const reports = made.map(({ report }) => report);
    return {
      aggregation: this.aggregation.name,
      value,
      parts: reports,
      degraded: reports
        .filter(isDegraded)
        .map(({ part, reason = aggregationCodes.needMissing }) => ({ part, reason })),
      outdated: made.flatMap(outdatedOf),
      freshness: freshnessOf(made, this.readsCaller),
      calls: this.loader.calls,
      startedAt: this.startedAt,
      tookMs: this.clock.now() - this.startedAt,
      deadlineMs: this.aggregation.deadlineMs,
    };
  }
}

/** The request as inputs and shapes see it. */
class RequestSeen {
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

/** An answer's value with the fields that the part reads, and no others. */
function valueOf({ fields, selection }: Part, answer: Answer<unknown>): unknown {
  const isCut = fields !== undefined && answer.fields === fields;
  return isCut || answer.value instanceof RawJson ? answer.value : pick(answer.value, selection);
}

/** Nothing to ask is no fault, unless it comes from a part that is missing. */
function unasked(part: Part, needs: readonly Settled[]): Facts {
  if (!needs.some(({ report }) => isDegraded(report))) return { status: 'skipped' };
  const status = part.fallback === undefined ? 'missing' : 'default';
  return { status, reason: aggregationCodes.needMissing };
}

/**
 * A refusal passes through as itself; all else is a service that failed us: too late (504), with an answer that is none
 * (502), or at all (503). The code of a refusal that the contract does not declare is between the gateway and the service: it is in `cause` alone.
 */
function missing(part: Part, error: unknown): AggregationError {
  const facts = factsOf(error);
  const { service } = part.operation;
  const where = { part: part.name, service, cause: error };
  if (facts.code === aggregationCodes.defect || isRefusal(facts, part.operation.errors)) {
    return new AggregationError(facts, where);
  }
  const late = facts.status === 504 || facts.status === 408;
  const isUndeclared = facts.status < 500;
  const { retryAfterMs } = facts;
  return new AggregationError(
    {
      code: isUndeclared ? (late ? aggregationCodes.timeout : UNAVAILABLE) : facts.code,
      status: late ? 504 : facts.status === 502 ? 502 : 503,
      message: `${service} ${late ? 'took too long to answer' : 'cannot answer at present'}`,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
    where,
  );
}
