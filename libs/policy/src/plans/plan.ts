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
export interface PlansPolicy {
  /** For visitors, counted by their address. Sign-in and pages are counted here too. */
  readonly visitors: Plan;
  /** For proven callers whose credential names no plan of `named`. */
  readonly callers: Plan;
  /** By the name that a credential carries. */
  readonly named?: Readonly<Record<string, Plan>>;
  /** How often an address may fail to prove who calls. */
  readonly failures: Rate;
}

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

/**
 * @throws RangeError naming the limit that is not a positive whole number
 */
export function checkPlans({ visitors, callers, named = {}, failures }: PlansPolicy): void {
  const plans = { 'plans.visitors': visitors, 'plans.callers': callers };
  for (const [name, plan] of Object.entries(named)) Object.assign(plans, { [`plans.named.${name}`]: plan });
  const windows = Object.entries(plans).flatMap(([at, plan]) =>
    windowsOf(plan).map((window) => [`${at}.${window.name}`, window] as const),
  );
  for (const [at, window] of [...windows, ['plans.failures', slidingWindow('failures', failures)] as const]) {
    const numbers = 'seconds' in window ? [window.quota, window.seconds] : [window.quota];
    const wrong = numbers.find((each) => !Number.isInteger(each) || each < 1);
    if (wrong !== undefined) throw new RangeError(`${at}: got ${wrong}, expected a whole number from 1`);
  }
}
