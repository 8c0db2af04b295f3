import type { Caller } from '@facet/contracts';
import { Fault, type Logger } from '@facet/platform';
import { RateLimiter, type Reading } from './rate-limiter.js';
import { RedisCounters } from './redis-counters.js';
import { slidingWindow, windowsOf, type RateLimitsSettings, type PlanWindow } from './plan.js';
import type { SharedState } from '../shared/shared-state.js';
import type { GatewayMetrics } from '../metrics/gateway-metrics.js';
import type { Route } from '../routes/route.js';
import type { RequestContext } from '../request/context.js';
import { limitReading, setAdmitted, setRateLimit } from './rate-limit-fields.js';
import { PenaltyBox, type Refused } from './penalty-box.js';
import { addressKey, digest } from '../request/principal.js';
import type { Usage } from './usage.js';

/** Whom a request is counted for, and by which limits. */
export interface Principal {
  /** Says nothing of the person to who reads it: a digest, or an address. */
  readonly id: string;
  /** The plan's name, as metrics and `GET …/usage` show it. */
  readonly plan: string;
  readonly windows: readonly PlanWindow[];
}

interface Around {
  readonly gateway: string;
  readonly shared: SharedState;
  readonly logger: Logger;
  readonly metrics: GatewayMetrics;
}

/** The limits of a gateway's clients, and what they have used of them. */
export class RateLimits {
  readonly penaltyBox = new PenaltyBox();
  readonly #limiter: RateLimiter;
  readonly #plans: ReadonlyMap<string, readonly PlanWindow[]>;
  readonly #anonymous: readonly PlanWindow[];
  readonly #callers: readonly PlanWindow[];
  readonly #failures: PlanWindow;
  readonly #unknown = new Set<string>();

  constructor(
    { anonymous, callers, plans, failures }: RateLimitsSettings,
    private readonly around: Around,
  ) {
    const { gateway, shared, logger, metrics } = around;
    const onReach = (isThere: boolean) =>
      isThere
        ? logger.info('requests are counted with the other instances again')
        : logger.warn('requests are counted in this instance alone: what instances share is away');
    this.#limiter = new RateLimiter({
      shared: shared && new RedisCounters(shared, `facet:plans:${gateway}:`, onReach),
      onWait: () => metrics.waitedForPlan(),
    });
    this.#anonymous = windowsOf(anonymous);
    this.#callers = windowsOf(callers);
    this.#plans = new Map(Object.entries(plans).map(([name, plan]) => [name, windowsOf(plan)]));
    this.#failures = slidingWindow('failures', failures);
    const all = { anonymous, callers, ...plans };
    for (const [plan, each] of Object.entries(all))
      metrics.watchPlan(
        plan,
        windowsOf(each).map(({ name }) => name),
      );
  }

  principalOf(address: string, caller: Caller | undefined): Principal {
    return caller === undefined ? this.anonymous(address) : this.caller(caller);
  }

  /** Who calls without a credential is counted by address. */
  anonymous(address: string): Principal {
    return { id: addressKey(address), plan: 'anonymous', windows: this.#anonymous };
  }

  private caller(caller: Caller): Principal {
    const id = callerId(caller);
    const { plan } = caller;
    if (plan === undefined) return { id, plan: 'callers', windows: this.#callers };
    const windows = this.#plans.get(plan);
    if (windows !== undefined) return { id, plan, windows };
    this.#warnOfUnknown(plan);
    return { id, plan: 'callers', windows: this.#callers };
  }

  /** Counts a request in each limit of its plan, as its route says; gives the refusal where one is spent. */
  charge(
    principal: Principal,
    context: RequestContext,
    route?: Route,
    readings: Reading[] = [],
  ): Fault | undefined | Promise<Fault | undefined> {
    const windows = route === undefined ? principal.windows : route.limits.of(principal.windows);
    for (let index = readings.length; index < windows.length; index += 1) {
      const window = windows[index] as PlanWindow;
      const taken = this.#take(principal, window, route);
      if (taken instanceof Promise) {
        return taken.then((late) => {
          readings.push(late);
          if (!late.admitted) return this.#refuse(principal, context, { windows, readings, route });
          return this.charge(principal, context, route, readings);
        });
      }
      readings.push(taken);
      if (!taken.admitted) return this.#refuse(principal, context, { windows, readings, route });
    }
    if (windows.length > 0) setAdmitted(context, windows, readings);
    return undefined;
  }

  #take(principal: Principal, window: PlanWindow, route: Route | undefined): Reading | Promise<Reading> {
    if (route === undefined) return this.#limiter.take(principal.id, window, 1);
    const { limits, method, path } = route;
    const key = limits.isOwn(window) ? `${principal.id}:${method} ${path}` : principal.id;
    return this.#limiter.take(key, window, limits.cost);
  }

  /** The last of the windows that were read refuses. What a route refuses is remembered, to be repeated without counting. */
  #refuse(
    principal: Principal,
    context: RequestContext,
    {
      windows,
      readings,
      route,
    }: { windows: readonly PlanWindow[]; readings: readonly Reading[]; route?: Route | undefined },
  ): Fault {
    const said = readings.map((reading, index) => limitReading(windows[index] as PlanWindow, reading));
    setRateLimit(context, said);
    const { name } = windows[readings.length - 1] as PlanWindow;
    const { waitMs } = readings.at(-1) as Reading;
    const { plan } = principal;
    if (route !== undefined)
      this.penaltyBox.remember(context, { plan, window: name, waitMs, readings: said });
    return this.refusal(principal, name, waitMs);
  }

  refusal({ plan }: Pick<Principal, 'plan'>, window: PlanWindow['name'], waitMs: number): Fault {
    this.around.metrics.limited(plan, window);
    const options = { retryAfterMs: waitMs, policy: window };
    return window === 'day' || window === 'month'
      ? new Fault('plan.quota-exceeded', 429, `The plan's requests of this ${window} are used up.`, options)
      : new Fault(
          'plan.rate-exceeded',
          429,
          'Too many requests: Retry-After says when to come back.',
          options,
        );
  }

  async usage(principal: Principal): Promise<Usage> {
    const limits = await Promise.all(
      principal.windows.map(async (window) => {
        const { used, endsInMs } = await this.#limiter.used(principal.id, window);
        const remaining = Math.max(0, window.quota - used);
        const resetsAt = new Date(Math.round((Date.now() + endsInMs) / 1_000) * 1_000).toISOString();
        return { window: window.name, limit: window.quota, used, remaining, resetsAt };
      }),
    );
    return { plan: principal.plan, limits };
  }

  /** What is said to an address that has failed too often to prove who calls. */
  refusedForGuessing(address: string): Refused | undefined {
    const waitMs = this.#limiter.spentForMs(addressKey(address), this.#failures);
    if (waitMs <= 0) return undefined;
    const reading = { admitted: false, left: 0, resetMs: waitMs, waitMs };
    const readings = [limitReading(this.#failures, reading)];
    return { plan: 'failures', window: 'failures', waitMs, readings };
  }

  /** A credential from there has proven nobody. */
  failed(address: string): void {
    void this.#limiter.take(addressKey(address), this.#failures, 1);
  }

  close(): Promise<void> {
    return this.#limiter.close();
  }

  #warnOfUnknown(plan: string): void {
    if (this.#unknown.has(plan) || this.#unknown.size > 100) return;
    this.#unknown.add(plan);
    this.around.logger.warn({ plan }, 'a credential names a plan that the policy does not know');
  }
}

/**
 * A person counts as one whatever client they use; a client that acts for itself counts as one. A partner with API keys
 * and a client of the issuer's are two, even if they have one name: each has its own plan.
 */
function callerId(caller: Caller): string {
  let id = callerIds.get(caller);
  if (id === undefined) callerIds.set(caller, (id = newCallerId(caller)));
  return id;
}

/** A credential that is verified once gives the same caller each time. */
const callerIds = new WeakMap<Caller, string>();

function newCallerId({ kind, subject, client, credential }: Caller): string {
  return kind === 'user' ? `user:${digest(subject)}` : `${credential}:${digest(client)}`;
}
