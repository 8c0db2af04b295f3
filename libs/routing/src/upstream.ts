import { systemClock, type Clock } from './clock.js';
import type { Tell } from './events.js';
import { exchange } from './exchange.js';
import { powerOfTwo, roundRobin } from './instances/balancer.js';
import type { InstanceSnapshot } from './instances/instance.js';
import { Pool } from './instances/pool.js';
import { Breaker, breakerDefaults, type BreakerState } from './layers/breaker.js';
import { Budget } from './layers/budget.js';
import { Bulkhead } from './layers/bulkhead.js';
import { deadline } from './layers/deadline.js';
import { hedge } from './layers/hedge.js';
import { stack, type Layer, type Send } from './layers/layer.js';
import { retry } from './layers/retry.js';
import { resolveSettings, type ResolvedSettings, type UpstreamOptions } from './settings.js';

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
  const settings = resolveSettings(service, options);
  const pool = createPool(service, { ...settings, discovery: options.discovery }, { tell, clock, random });
  const budget = new Budget(settings.budget, clock);
  const breaker = new Breaker({
    ...(settings.breaker ?? breakerDefaults),
    service,
    clock,
    tell,
    isDealtWith: ({ tried }) => tried.at(-1)?.health.isEjected(clock.now()) ?? false,
  });
  pool.onEjected = () => breaker.forgive();
  const common = { service, clock, tell, budget, random, hasOther: pool.hasOther.bind(pool) };
  const { bulkhead, retry: retryOptions, hedge: hedgeOptions, maxCallMs: maxMs } = settings;

  const send = stack(
    [
      deadline({ service, clock, maxMs }),
      bulkhead && new Bulkhead({ ...bulkhead, ...common }).layer,
      retryOptions && retry({ ...retryOptions, ...common }),
      settings.breaker && breaker.layer,
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

function createPool(
  service: string,
  settings: ResolvedSettings & Pick<UpstreamOptions, 'discovery'>,
  around: Required<Surroundings>,
): Pool {
  const { balancing, discovery, panicShare, gapMs, drainMs } = settings;
  return new Pool({
    service,
    discovery,
    balancer: balancing === 'round-robin' ? roundRobin(around.random) : powerOfTwo(around.random),
    instance: settings,
    panicShare,
    gapMs,
    drainMs,
    ...around,
  });
}
