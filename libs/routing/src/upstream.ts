import { Channel } from '@facet/transport';
import { systemClock, type Clock } from './clock.js';
import type { Discovery } from './discovery/discovery.js';
import type { Tell } from './events.js';
import { exchange } from './exchange.js';
import { powerOfTwo, roundRobin } from './instances/balancer.js';
import { reconnectDefaults, type ReconnectOptions } from './instances/connection.js';
import { ejectionDefaults, type EjectionOptions } from './instances/health.js';
import type { InstanceOptions, InstanceSnapshot } from './instances/instance.js';
import { Pool } from './instances/pool.js';
import { probeDefaults, type ProbeOptions } from './instances/prober.js';
import { Breaker, breakerDefaults, type BreakerOptions, type BreakerState } from './layers/breaker.js';
import { Budget, budgetDefaults, type BudgetOptions } from './layers/budget.js';
import { Bulkhead, bulkheadDefaults, type BulkheadOptions } from './layers/bulkhead.js';
import { deadline } from './layers/deadline.js';
import { hedge, hedgeDefaults, type HedgeOptions } from './layers/hedge.js';
import { stack, type Layer, type Send } from './layers/layer.js';
import { retry, retryDefaults, type RetryOptions } from './layers/retry.js';
import { checkNumber, withDefaults } from './options.js';

/** Settings of one upstream; what is left out has the default that the README's table names. `false` switches off. */
export interface UpstreamSettings {
  /** `power-of-two` (default) or `round-robin`. */
  readonly balancing?: 'power-of-two' | 'round-robin';
  /** Connections to each instance. Default 2. */
  readonly connections?: number;
  /** No call takes longer, whatever its deadline. Default 30,000 ms. */
  readonly maxCallMs?: number;
  /** A new instance's way to its full share of traffic. Default 10,000 ms. */
  readonly slowStartMs?: number;
  /** For how long an instance is not asked for a pattern that it did not know. Default 30,000 ms. */
  readonly unknownPatternMs?: number;
  /** How long calls wait after the start or after the last instance was lost; never less than a first attempt to connect. Default 1,000 ms. */
  readonly gapMs?: number;
  /** How long an instance that left may finish what it has. Default 30,000 ms. */
  readonly drainMs?: number;
  /** Below this share of well instances all are tried. Default 0.5. */
  readonly panicShare?: number;
  readonly reconnect?: Partial<ReconnectOptions>;
  readonly ejection?: Partial<EjectionOptions>;
  readonly probe?: Partial<ProbeOptions>;
  readonly retry?: Partial<RetryOptions> | false;
  readonly budget?: Partial<BudgetOptions>;
  readonly hedge?: Partial<HedgeOptions> | false;
  readonly breaker?: Partial<BreakerOptions> | false;
  readonly bulkhead?: Partial<BulkheadOptions> | false;
  /** Bounds of each connection, as @facet/transport documents them. */
  readonly channel?: InstanceOptions['channel'];
}

export interface UpstreamOptions extends UpstreamSettings {
  /** Where its instances are learnt from: `staticList`, `dns`, `redisRegistry` or one of your own. */
  readonly discovery: Discovery;
}

/** Everything outside that an upstream uses, so that specs can hold it still. */
export interface Surroundings {
  readonly tell: Tell;
  readonly clock?: Clock;
  readonly random?: () => number;
}

export type UpstreamHealth = 'up' | 'degraded' | 'down' | 'starting';

export interface UpstreamSnapshot {
  readonly service: string;
  readonly health: UpstreamHealth;
  readonly breaker: BreakerState;
  readonly instances: readonly InstanceSnapshot[];
}

/** A service as the gateway sees it. */
export interface Upstream {
  readonly send: Send;
  health(): UpstreamHealth;
  snapshot(): UpstreamSnapshot;
  close(): Promise<void>;
}

export function createUpstream(service: string, options: UpstreamOptions, around: Surroundings): Upstream {
  const { tell, clock = systemClock, random = Math.random } = around;
  const pool = createPool(service, options, { tell, clock, random });
  const budget = new Budget(withDefaults(`${service}.budget`, budgetDefaults, options.budget), clock);
  const breaker = new Breaker({
    ...withDefaults(`${service}.breaker`, breakerDefaults, options.breaker || undefined),
    service,
    clock,
    tell,
    isDealtWith: ({ tried }) => tried.at(-1)?.health.isEjected(clock.now()) ?? false,
  });
  pool.onEjected = () => breaker.forgive();
  const common = { service, clock, tell, budget, random, hasOther: pool.hasOther.bind(pool) };
  const on = <T extends object>(name: string, defaults: T, given: Partial<T> | false | undefined) =>
    given === false ? undefined : withDefaults(`${service}.${name}`, defaults, given);
  const bulkheadOptions = on('bulkhead', bulkheadDefaults, options.bulkhead);
  const retryOptions = on('retry', retryDefaults, options.retry);
  const hedgeOptions = on('hedge', hedgeDefaults, options.hedge);
  const maxMs = options.maxCallMs ?? 30_000;

  const send = stack(
    [
      deadline({ service, clock, maxMs }),
      bulkheadOptions && new Bulkhead({ ...bulkheadOptions, ...common }).layer,
      retryOptions && retry({ ...retryOptions, ...common }),
      options.breaker !== false && breaker.layer,
      hedgeOptions && hedge({ ...hedgeOptions, ...common, hasSeveral: () => pool.usable.length > 1 }),
    ].filter((layer): layer is Layer => Boolean(layer)),
    async (outgoing) => {
      const instance = pool.pick(outgoing) ?? (await pool.waitForOne(outgoing));
      return instance.send(outgoing, (to) => exchange(to, outgoing, outgoing.deadline - clock.now()));
    },
  );

  const health = () => healthOf(pool, breaker.state);
  const snapshot = () => ({ service, health: health(), breaker: breaker.state, instances: pool.snapshot() });
  return { send, health, snapshot, close: () => pool.close() };
}

function healthOf(pool: Pool, breaker: BreakerState): UpstreamHealth {
  if (pool.usable.length === 0) return pool.isStarting ? 'starting' : 'down';
  if (breaker === 'open') return 'down';
  return breaker === 'closed' && pool.countWell() === pool.size ? 'up' : 'degraded';
}

function createPool(service: string, options: UpstreamOptions, around: Required<Surroundings>): Pool {
  const whole = (name: keyof UpstreamSettings, fallback: number, range: { min: number; max?: number }) =>
    checkNumber(`${service}.${name}`, (options[name] as number | undefined) ?? fallback, range);
  checkChannelOptions(options.channel);
  return new Pool({
    service,
    discovery: options.discovery,
    balancer: options.balancing === 'round-robin' ? roundRobin(around.random) : powerOfTwo(around.random),
    instance: {
      connections: whole('connections', 2, { min: 1, max: 64 }),
      slowStartMs: whole('slowStartMs', 10_000, { min: 0 }),
      unknownPatternMs: whole('unknownPatternMs', 30_000, { min: 0 }),
      ejection: withDefaults(`${service}.ejection`, ejectionDefaults, options.ejection),
      reconnect: withDefaults(`${service}.reconnect`, reconnectDefaults, options.reconnect),
      channel: options.channel ?? {},
      probe: withDefaults(`${service}.probe`, probeDefaults, options.probe),
    },
    panicShare: whole('panicShare', 0.5, { min: 0, max: 1 }),
    gapMs: whole('gapMs', 1_000, { min: 0 }),
    drainMs: whole('drainMs', 30_000, { min: 0 }),
    ...around,
  });
}

/** Bounds of connections are checked now rather than with the first instance: a channel that never connects tells. */
function checkChannelOptions(bounds: UpstreamSettings['channel']): void {
  new Channel({ ...bounds, host: 'localhost', port: 1 }).destroy();
}
