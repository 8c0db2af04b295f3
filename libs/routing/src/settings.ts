import type { ChannelSettings } from '@facet/transport';
import type { Discovery } from './discovery/discovery.js';
import { reconnectDefaults, type ReconnectOptions } from './instances/connection.js';
import { ejectionDefaults, type EjectionOptions } from './instances/health.js';
import { probeDefaults, type ProbeOptions } from './instances/prober.js';
import { CallerMapper, type CallerMapping } from './caller-mapping.js';
import type { Kind, KindName } from './kinds/kind.js';
import { http } from './kinds/http/http.js';
import type { HttpOptions } from './kinds/http/options.js';
import { nest } from './kinds/nest/nest.js';
import type { NestOptions } from './kinds/nest/nest-options.js';
import { tcp } from './kinds/tcp.js';
import { breakerDefaults, type BreakerOptions } from './policies/breaker.js';
import { budgetDefaults, type BudgetOptions } from './policies/budget.js';
import { bulkheadDefaults, type BulkheadOptions } from './policies/bulkhead.js';
import { hedgeDefaults, type HedgeOptions } from './policies/hedge.js';
import { retryDefaults, type RetryOptions } from './policies/retry.js';
import {
  checkNames,
  checkNumber,
  COUNT,
  MS,
  POSITIVE_COUNT,
  POSITIVE_MS,
  SHARE,
  withDefaults,
  type Ranges,
} from '@facet/contracts';

/** Settings of one upstream; what is left out has the default that the README's table names. `false` switches off. */
export interface UpstreamSettings {
  /** `power-of-two` (default) or `round-robin`. */
  readonly balancing?: 'power-of-two' | 'round-robin';
  /** Connections to each instance. Default 2 to one of ours, 1 to a stock one, whose replies wait for acknowledgements. */
  readonly connections?: number;
  /** No call takes longer, whatever its deadline. Default 30,000 ms. */
  readonly maxCallMs?: number;
  /** A new instance's way to its full share of traffic. Default 10,000 ms. */
  readonly slowStartMs?: number;
  /** For how long an instance is not asked for a pattern that it did not know. Default 30,000 ms. */
  readonly unknownPatternMs?: number;
  /** How long calls wait after the start or after the last instance was lost; never less than a first attempt to connect. Default 1,000 ms. */
  readonly noInstanceGraceMs?: number;
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
  /** Who calls, as the service knows it, beside our signed assertion: `{ header: 'x-user-id', from: 'subject' }`. */
  readonly caller?: CallerMapping | readonly CallerMapping[];
  /** Of a `tcp` service: bounds of each connection (`maxFrameBytes` is the largest answer), as @facet/transport documents them. */
  readonly channel?: ChannelSettings;
  /** Of an `http` service: TLS, headers, bounds. */
  readonly http?: HttpOptions;
  /** Of a `nest` service: its client. */
  readonly nest?: NestOptions;
}

export interface UpstreamOptions extends UpstreamSettings {
  /** How its instances are reached. Default `tcp`, Nest's TCP transport. */
  readonly kind?: KindName;
  /** Where its instances are learnt from: `staticList`, `dns`, `redisRegistry` or one of your own. A `nest` service has none. */
  readonly discovery?: Discovery;
}

/** Settings with their defaults, checked. */
export interface ResolvedSettings {
  readonly balancing: 'power-of-two' | 'round-robin';
  /** Undefined: by what the peer is. */
  readonly connections: number | undefined;
  readonly maxCallMs: number;
  readonly slowStartMs: number;
  readonly unknownPatternMs: number;
  readonly noInstanceGraceMs: number;
  readonly drainMs: number;
  readonly panicShare: number;
  readonly reconnect: ReconnectOptions;
  readonly ejection: EjectionOptions;
  readonly probe: ProbeOptions;
  readonly retry: RetryOptions | undefined;
  readonly budget: BudgetOptions;
  readonly hedge: HedgeOptions | undefined;
  readonly breaker: BreakerOptions | undefined;
  readonly bulkhead: BulkheadOptions | undefined;
  readonly kind: Kind;
  readonly callers: CallerMapper | undefined;
}

const own = {
  defaults: {
    maxCallMs: 30_000,
    slowStartMs: 10_000,
    unknownPatternMs: 30_000,
    noInstanceGraceMs: 1_000,
    drainMs: 30_000,
    panicShare: 0.5,
  },
  ranges: {
    maxCallMs: POSITIVE_MS,
    slowStartMs: MS,
    unknownPatternMs: MS,
    noInstanceGraceMs: MS,
    drainMs: MS,
    panicShare: SHARE,
  },
};
const backOff = { baseMs: POSITIVE_MS, maxMs: POSITIVE_MS };
const reconnect: Ranges<ReconnectOptions> = backOff;
const ejection: Ranges<EjectionOptions> = {
  failures: POSITIVE_COUNT,
  baseMs: MS,
  maxMs: MS,
  maxShare: SHARE,
  timeoutCountsAfterMs: MS,
};
const probe: Ranges<ProbeOptions> = { intervalMs: MS, timeoutMs: POSITIVE_MS };
const retry: Ranges<RetryOptions> = { maxAttempts: POSITIVE_COUNT, ...backOff };
const budget: Ranges<BudgetOptions> = { share: SHARE, floor: COUNT };
const hedge: Ranges<HedgeOptions> = { quantile: SHARE, minDelayMs: MS, minSamples: POSITIVE_COUNT };
const breaker: Ranges<BreakerOptions> = {
  failureShare: SHARE,
  minRequests: POSITIVE_COUNT,
  windowMs: POSITIVE_MS,
  openMs: MS,
  trials: POSITIVE_COUNT,
};
const bulkhead: Ranges<BulkheadOptions> = { maxRunning: POSITIVE_COUNT, maxQueued: COUNT };

const NAMES = [
  ...Object.keys(own.defaults),
  ...['discovery', 'balancing', 'connections', 'reconnect', 'ejection', 'probe'],
  ...['retry', 'budget', 'hedge', 'breaker', 'bulkhead', 'kind', 'caller', 'channel', 'http', 'nest'],
];

/** Throws a RangeError that names the option where one is faulty or does not exist. */
export function resolveSettings(
  service: string,
  given: UpstreamSettings & Pick<UpstreamOptions, 'kind'>,
): ResolvedSettings {
  checkNames(service, given, NAMES);
  const { balancing = 'power-of-two', connections } = given;
  if (balancing !== 'power-of-two' && balancing !== 'round-robin') {
    throw new RangeError(
      `${service}.balancing: got ${String(balancing)}, expected power-of-two or round-robin`,
    );
  }
  if (connections !== undefined) {
    checkNumber(`${service}.connections`, connections, { min: 1, max: 64, integer: true });
  }
  const { maxCallMs, slowStartMs, noInstanceGraceMs, drainMs, panicShare } = given;
  // Behind a broker there is no other instance that may know it.
  const unknownPatternMs = given.unknownPatternMs ?? (given.kind === 'nest' ? 0 : undefined);
  const plain = { maxCallMs, slowStartMs, unknownPatternMs, noInstanceGraceMs, drainMs, panicShare };
  const group = <T extends object>(name: string, defaults: T, ranges: Ranges<T>, of?: Partial<T> | false) =>
    withDefaults(`${service}.${name}`, { defaults, ranges }, of === false ? undefined : of);
  const unless = <T>(of: unknown, value: T): T | undefined => (of === false ? undefined : value);
  return {
    ...withDefaults(service, own, plain as Partial<typeof own.defaults>),
    balancing,
    connections,
    kind: kindOf(service, given),
    callers: given.caller && new CallerMapper(service, given.kind ?? 'tcp', given.caller),
    reconnect: group('reconnect', reconnectDefaults, reconnect, given.reconnect),
    ejection: group('ejection', ejectionDefaults, ejection, given.ejection),
    probe: group('probe', probeDefaults, probe, given.probe),
    budget: group('budget', budgetDefaults, budget, given.budget),
    retry: unless(given.retry, group('retry', retryDefaults, retry, given.retry)),
    hedge: unless(given.hedge, group('hedge', hedgeDefaults, hedge, given.hedge)),
    breaker: unless(given.breaker, group('breaker', breakerDefaults, breaker, given.breaker)),
    bulkhead: unless(given.bulkhead, group('bulkhead', bulkheadDefaults, bulkhead, given.bulkhead)),
  };
}

/** Throws a RangeError for a kind that there is not, and for settings of another one. */
function kindOf(
  service: string,
  { kind = 'tcp', channel, http: ofHttp, nest: ofNest }: Parameters<typeof resolveSettings>[1],
): Kind {
  switch (kind) {
    case 'tcp':
      return tcp(service, channel);
    case 'http':
      return http(service, ofHttp);
    case 'nest':
      return nest(service, ofNest);
    default:
      throw new RangeError(`${service}.kind: got ${JSON.stringify(kind)}, expected tcp, http or nest`);
  }
}
