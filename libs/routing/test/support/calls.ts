import { callOf, selectionOf, type Operation, type Priority, type SentCall } from '@facet/contracts';
import { VirtualClock } from '@facet/contracts/testing';
import type { OutgoingCall, ReplyHandler } from '@facet/transport';
import type { Endpoint, Miss } from '../../src/attempt.js';
import type { Endpoints, OperationState, Policies } from '../../src/call-setup.js';
import { leftFault } from '../../src/classify.js';
import { Emitter, type EventMap, type EventName } from '../../src/events.js';
import { RecentQuantile } from '../../src/instances/latency.js';
import { Breaker, breakerDefaults, type BreakerOptions } from '../../src/policies/breaker.js';
import { Budget, budgetDefaults } from '../../src/policies/budget.js';
import { Bulkhead, type BulkheadOptions } from '../../src/policies/bulkhead.js';
import { hedgeDefaults } from '../../src/policies/hedge.js';
import { retryDefaults } from '../../src/policies/retry.js';
import { Ticker } from '../../src/ticker.js';
import { UpstreamCall } from '../../src/upstream-call.js';
import { shop } from './shop.js';

/** A request that reached an instance, which answers when it is told to. */
export interface Sent {
  readonly call: OutgoingCall;
  readonly at: FakeInstance;
  isCancelled: boolean;
  answer(value: unknown): void;
  fail(error: Error): void;
}

/** An instance without a socket. */
export class FakeInstance implements Endpoint {
  readonly misses: Miss[] = [];
  answers = 0;
  pending = 0;
  isOut = false;
  isConnected = true;

  constructor(
    readonly address: string,
    private readonly onSend: (sent: Sent) => void,
  ) {}

  connection() {
    const channel = {
      send: (call: OutgoingCall, handler: ReplyHandler) => this.#send(call, handler),
      cancel: (id: number) => void (this.#byId[id]!.isCancelled = true),
    };
    return this.isConnected ? { channel } : undefined;
  }

  isEjected(): boolean {
    return this.isOut;
  }

  started(): void {
    this.pending += 1;
  }

  answered(): void {
    this.pending -= 1;
    this.answers += 1;
  }

  missed(miss: Miss): void {
    this.pending -= 1;
    this.misses.push(miss);
  }

  readonly #byId: Sent[] = [];

  #send(call: OutgoingCall, handler: ReplyHandler): number {
    const sent: Sent = {
      call,
      at: this,
      isCancelled: false,
      answer: (value) => {
        const bytes = Buffer.from(JSON.stringify(value));
        if (!sent.isCancelled) handler.arrived(bytes, 0, bytes.length);
      },
      fail: (error) => {
        if (!sent.isCancelled) handler.missed(error as Parameters<ReplyHandler['missed']>[0]);
      },
    };
    this.#byId.push(sent);
    this.onSend(sent);
    return this.#byId.length - 1;
  }
}

/** The first that a call has not been to, else the first. */
class FakeInstances implements Endpoints {
  graceEndsAt = -Infinity;
  constructor(readonly list: FakeInstance[]) {}
  get hasSeveral(): boolean {
    return this.list.length > 1;
  }
  hasOther(_operation: string, tried: readonly Endpoint[]): boolean {
    return this.list.some((each) => !tried.includes(each));
  }
  pick(_operation: string, tried: readonly Endpoint[]): FakeInstance | 'none' {
    return this.list.find((each) => !tried.includes(each)) ?? this.list[0] ?? 'none';
  }
  readonly waiting = new Set<{ woken(now: number): void }>();
  wait(call: { woken(now: number): void }): void {
    this.waiting.add(call);
  }
  stopWaiting(call: { woken(now: number): void }): void {
    this.waiting.delete(call);
  }
  retryAfterMs(): number {
    return 1_000;
  }
}

export interface CallsOptions {
  readonly instances?: number;
  /** Of the budget of repetitions. */
  readonly floor?: number;
  readonly bulkhead?: BulkheadOptions;
  readonly breaker?: Partial<BreakerOptions>;
  readonly maxCallMs?: number;
  readonly clock?: VirtualClock;
  /** What an instance does with a request; waits to be told where absent. */
  readonly onSend?: (sent: Sent) => void;
}

export interface Given {
  readonly operation?: Operation;
  readonly input?: unknown;
  readonly deadline?: number;
  readonly priority?: Priority;
  readonly signal?: AbortSignal;
}

/** Calls with every policy of an upstream, on a clock that stands still and instances without sockets. */
export function createCalls(options: CallsOptions = {}) {
  const { instances: count = 3, floor = 10, clock = new VirtualClock(), maxCallMs = 1e9 } = options;
  const sent: Sent[] = [];
  const events = new Emitter();
  const heard: [EventName, EventMap[EventName]][] = [];
  const onSend = (each: Sent): void => {
    sent.push(each);
    options.onSend?.(each);
  };
  const instances = new FakeInstances(
    Array.from({ length: count }, (_, n) => new FakeInstance(`127.0.0.1:${n + 1}`, onSend)),
  );
  const budget = new Budget({ ...budgetDefaults, floor });
  const policies: Policies = {
    ...{ service: 'shop', clock, random: () => 1, emit: events.emit, ticker: new Ticker(clock), instances },
    ...{ budget, bulkhead: options.bulkhead && new Bulkhead(options.bulkhead), maxCallMs },
    ...{ retry: retryDefaults, hedge: hedgeDefaults },
  };
  const states = new Map<string, OperationState>();
  const records: SentCall[] = [];
  const stateOf = (operation: Operation): OperationState => {
    const { pattern } = operation;
    const place = { service: 'shop', operation: pattern, emit: events.emit };
    const known = states.get(pattern) ?? {
      ...{ operation, message: pattern, collecting: undefined },
      breaker: options.breaker && new Breaker({ ...breakerDefaults, ...options.breaker, ...place }),
      latency: new RecentQuantile(hedgeDefaults.quantile, hedgeDefaults.minSamples),
    };
    states.set(pattern, known);
    return known;
  };
  const reader = {
    asks: undefined,
    read: (bytes: Buffer, start?: number, end?: number) =>
      JSON.parse(bytes.toString('utf8', start, end)) as unknown,
  };
  const callWith =
    (of: Policies) =>
    ({ operation = shop.item, input = { id: 'a' }, deadline = 10_000, priority, signal }: Given = {}) =>
      callOf(
        (request, handler) => {
          const context = { calls: records, ...(priority === undefined ? {} : { priority }) };
          const { selection } = request;
          const state = stateOf(operation);
          const setup = {
            policies: of,
            state,
            reader,
            selection,
            context,
            handler,
            input,
            deadline,
            request,
          };
          const call = new UpstreamCall(setup);
          call.start(clock.now());
          return () => call.cancel();
        },
        () => leftFault('shop', deadline, clock.now()),
      )(operation, input as never, { signal: signal ?? new AbortController().signal, deadline }).then(
        (answer) => (answer as { value: unknown }).value,
      );
  return {
    clock,
    sent,
    heard,
    records,
    budget,
    policies,
    instances,
    stateOf,
    call: callWith(policies),
    callWith,
    hear: (...names: readonly EventName[]) => {
      for (const name of names) events.on(name, (event) => heard.push([name, event]));
    },
    selection: selectionOf(shop.item, {}),
  };
}

/** Everything that was emitted of the given kinds, in order. */
export function listen<K extends EventName>(...names: readonly K[]) {
  const events = new Emitter();
  const heard: [K, EventMap[K]][] = [];
  for (const name of names) events.on(name, (event) => heard.push([name, event]));
  return { emit: events.emit, heard };
}

/** What a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => Promise.reject(new Error(`expected a failure, got ${JSON.stringify(value)}`)),
    (reason: unknown) => reason,
  );
}
