import { checkNames, checkNumber, POSITIVE_COUNT } from '@facet/contracts';

/** So many requests in so many seconds, wherever those begin. */
export interface Rate {
  readonly requests: number;
  readonly seconds: number;
}

/** A client's limits. A request counts against all of them, as often as its route costs. */
export interface Plan {
  /** What may come at once. */
  readonly burst: Rate;
  /** What may come in the long run. */
  readonly sustained: Rate;
  /** Requests in a calendar day, UTC. */
  readonly perDay?: number;
  /** Requests in a calendar month, UTC. */
  readonly perMonth?: number;
}

/** Who may ask how often. */
export interface RateLimitsPolicy {
  /** For callers without a credential, counted by their address. Sign-in and pages are counted here too. */
  readonly anonymous: Plan;
  /** For proven callers whose credential names none of `plans`. */
  readonly callers: Plan;
  /** By the name that a credential carries. */
  readonly plans?: Readonly<Record<string, Plan>>;
  /** How often an address may fail to prove who calls. Default 300 times in 300 seconds. */
  readonly failures?: Rate;
}

/** The same with its default. */
export type RateLimitsSettings = Readonly<Required<RateLimitsPolicy>>;

export const windowNames = ['burst', 'sustained', 'day', 'month'] as const;
export type WindowName = (typeof windowNames)[number];

/** One of a plan's limits: `quota` in a stretch of time that slides (`seconds`) or is a calendar's. */
export type PlanWindow = {
  readonly name: WindowName | 'failures';
  readonly quota: number;
} & ({ readonly seconds: number } | { readonly calendar: 'day' | 'month' });

/** A plan's limits, the shortest first. */
export function windowsOf({ burst, sustained, perDay, perMonth }: Plan): readonly PlanWindow[] {
  return [
    slidingWindow('burst', burst),
    slidingWindow('sustained', sustained),
    ...(perDay === undefined ? [] : [{ name: 'day', quota: perDay, calendar: 'day' } as const]),
    ...(perMonth === undefined ? [] : [{ name: 'month', quota: perMonth, calendar: 'month' } as const]),
  ];
}

export function slidingWindow(name: PlanWindow['name'], { requests, seconds }: Rate): PlanWindow {
  return { name, quota: requests, seconds };
}

const FAILURES: Rate = { requests: 300, seconds: 300 };

/** @throws RangeError that names the limit and what it got */
export function checkRateLimits(given: RateLimitsPolicy): RateLimitsSettings {
  checkNames('rateLimits', given, ['anonymous', 'callers', 'plans', 'failures']);
  const { anonymous, callers, plans = {}, failures = FAILURES } = given;
  checkPlan('rateLimits.anonymous', anonymous);
  checkPlan('rateLimits.callers', callers);
  for (const [name, plan] of Object.entries(plans)) checkPlan(`rateLimits.plans.${name}`, plan);
  checkRate('rateLimits.failures', failures);
  return { anonymous, callers, plans, failures };
}

function checkPlan(name: string, plan: Plan): void {
  checkNames(name, plan, ['burst', 'sustained', 'perDay', 'perMonth']);
  const { burst, sustained, ...quotas } = plan;
  checkRate(`${name}.burst`, burst);
  checkRate(`${name}.sustained`, sustained);
  for (const [quota, requests] of Object.entries(quotas)) {
    if (requests !== undefined) checkNumber(`${name}.${quota}`, requests, POSITIVE_COUNT);
  }
}

function checkRate(name: string, rate: Rate): void {
  checkNames(name, rate, ['requests', 'seconds']);
  checkNumber(`${name}.requests`, rate.requests, POSITIVE_COUNT);
  checkNumber(`${name}.seconds`, rate.seconds, POSITIVE_COUNT);
}
