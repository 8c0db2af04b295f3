import {
  systemClock,
  type AnswerHandler,
  type CallRequest,
  type Clock,
  type Operation,
  type Selection,
} from '@facet/contracts';
import { compileReader, type AnswerReader } from '@facet/reader';
import { z } from 'zod';
import type { OperationState, Policies } from './call-setup.js';
import { collectingOf } from './collecting-attempt.js';
import type { CallContext } from './context.js';
import type { Discovery } from './discovery/discovery.js';
import { staticList } from './discovery/static-list.js';
import type { Emit } from './events.js';
import { powerOfTwo, roundRobin } from './instances/balancer.js';
import type { InstanceSnapshot } from './instances/instance.js';
import { RecentQuantile } from './instances/latency.js';
import { Pool } from './instances/pool.js';
import type { Meter } from './meter.js';
import { Breaker, type BreakerState } from './policies/breaker.js';
import { Budget } from './policies/budget.js';
import { Bulkhead } from './policies/bulkhead.js';
import { hedgeDefaults } from './policies/hedge.js';
import { resolveSettings, type ResolvedSettings, type UpstreamOptions } from './settings.js';
import { Ticker } from './ticker.js';
import { UpstreamCall } from './upstream-call.js';

/** Everything outside that an upstream uses, so that specs can hold it still. */
export interface UpstreamDependencies {
  readonly emit: Emit;
  readonly meter?: Meter | undefined;
  readonly clock?: Clock;
  readonly random?: () => number;
}

/** `down`: there is no instance, or no operation that may be asked for. */
export type UpstreamHealth = 'up' | 'degraded' | 'down' | 'starting';

export interface UpstreamSnapshot {
  readonly service: string;
  readonly health: UpstreamHealth;
  /** That of the operation that is worst off. */
  readonly breaker: BreakerState;
  /** How many operations have a breaker in each state. */
  readonly breakers: Readonly<Record<BreakerState, number>>;
  /** Calls that have a place in the bulkhead, and those that wait for one. */
  readonly running: number;
  readonly queued: number;
  readonly instances: readonly InstanceSnapshot[];
}

/** What is known at boot of how an operation is asked and read. */
export interface Prepared {
  readonly upstream: Upstream;
  readonly state: OperationState;
  readonly selection: Selection;
  readonly reader: AnswerReader;
}

/** What is different from call to call. */
export interface Asked {
  readonly request: CallRequest;
  readonly input: unknown;
  readonly context: CallContext;
  readonly deadline: number;
  readonly handler: AnswerHandler;
}

/** A service as the gateway sees it. */
export class Upstream {
  readonly #settings: ResolvedSettings;
  readonly #pool: Pool;
  readonly #policies: Policies;
  readonly #meter: Meter | undefined;
  readonly #operations = new Map<string, OperationState>();

  constructor(
    private readonly service: string,
    options: UpstreamOptions,
    { emit, meter, clock = systemClock, random = Math.random }: UpstreamDependencies,
  ) {
    const settings = resolveSettings(service, options);
    const { bulkhead, budget, retry, hedge, maxCallMs, callers } = settings;
    this.#settings = settings;
    this.#meter = meter;
    this.#pool = new Pool({
      ...settings,
      service,
      discovery: discoveryFor(service, options),
      balancer: settings.balancing === 'round-robin' ? roundRobin(random) : powerOfTwo(random),
      instance: settings,
      clock,
      random,
      emit,
    });
    this.#pool.onEjected = () => this.#resetBreakers();
    this.#policies = {
      ...{ service, clock, random, emit, retry, hedge, maxCallMs, callers },
      ticker: new Ticker(clock),
      instances: this.#pool,
      budget: new Budget(budget),
      bulkhead: bulkhead && new Bulkhead(bulkhead),
    };
  }

  /** Compiles the reader of a selection; once for each, as it takes a millisecond. */
  prepare(selection: Selection): Prepared {
    const state = this.#stateOf(selection.operation);
    return { upstream: this, state, selection, reader: compileReader(selection) };
  }

  /** Throws a RangeError where the service cannot be asked for it in its way. */
  check(operation: Operation): void {
    this.#stateOf(operation);
  }

  /** Sends a call whose input is checked. */
  call({ state, selection, reader }: Prepared, asked: Asked): UpstreamCall {
    const call = new UpstreamCall({ policies: this.#policies, state, selection, reader, ...asked });
    call.start(this.#policies.clock.now());
    return call;
  }

  health(): UpstreamHealth {
    const pool = this.#pool;
    if (pool.usable.length === 0) return pool.isStarting ? 'starting' : 'down';
    const states = this.#breakerStates();
    if (states.length > 0 && states.every((state) => state === 'open')) return 'down';
    const isWell = states.every((state) => state === 'closed') && pool.countWell() === pool.size;
    return isWell ? 'up' : 'degraded';
  }

  snapshot(): UpstreamSnapshot {
    const states = this.#breakerStates();
    const breaker = (['open', 'half-open'] as const).find((state) => states.includes(state)) ?? 'closed';
    const breakers = { closed: 0, 'half-open': 0, open: 0 };
    for (const state of states) breakers[state] += 1;
    const { running = 0, queued = 0 } = this.#policies.bulkhead ?? {};
    const instances = this.#pool.snapshot();
    return { service: this.service, health: this.health(), breaker, breakers, running, queued, instances };
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  #stateOf(operation: Operation): OperationState {
    const known = this.#operations.get(operation.pattern);
    if (known !== undefined) return known;
    const { breaker, hedge = hedgeDefaults, kind, callers } = this.#settings;
    callers?.check(operation);
    const { emit } = this.#policies;
    const place = { service: this.service, operation: operation.pattern, emit };
    const state: OperationState = {
      operation: { ...operation, input: z.compile(operation.input) },
      message: kind.message(operation),
      collecting: collectingOf(operation, kind.maxAnswerBytes),
      breaker: breaker && new Breaker({ ...breaker, ...place }),
      latency: new RecentQuantile(hedge.quantile, hedge.minSamples),
      meter: this.#meter?.(operation),
    };
    this.#operations.set(operation.pattern, state);
    return state;
  }

  #breakerStates(): BreakerState[] {
    return [...this.#operations.values()].flatMap(({ breaker }) => (breaker ? [breaker.state] : []));
  }

  #resetBreakers(): void {
    for (const { breaker } of this.#operations.values()) breaker?.reset();
  }
}

/** What stands for all instances behind a broker. */
const BROKER = ['broker:1'];

function discoveryFor(service: string, { kind, discovery }: UpstreamOptions): Discovery {
  if (discovery !== undefined) return discovery;
  if (kind === 'nest') return staticList(BROKER);
  throw new RangeError(
    `${service}.discovery: expected staticList(…), dns(…), redisRegistry(…) or one of your own`,
  );
}
