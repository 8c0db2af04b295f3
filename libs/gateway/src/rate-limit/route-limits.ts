import { windowNames, type PlanWindow, type WindowName } from './plan.js';

/** What a route changes in the limits of its callers' plans. */
export interface RouteLimits {
  /** As how many requests one counts. */
  readonly cost: number;
  /** Whether it has a rate or quota of its own (`@Throttle`), which needs a policy with plans to be counted by. */
  readonly hasOwn: boolean;
  /** The windows that a request counts in, where those of its caller's plan are `windows`. */
  of(windows: readonly PlanWindow[]): readonly PlanWindow[];
  /** Whether a window is the route's own, counted for it alone. */
  isOwn(window: PlanWindow): boolean;
}

/** A route that takes its callers' plans as they are. */
export function planLimits(cost: number): RouteLimits {
  return { cost, hasOwn: false, of: (windows) => windows, isOwn: () => false };
}

/** Under these, each followed by the name of a limit, `@nestjs/throttler` keeps what its decorators say. */
const SKIP = 'THROTTLER:SKIP';
const LIMIT = 'THROTTLER:LIMIT';
const TTL = 'THROTTLER:TTL';
const UNSUPPORTED = {
  'THROTTLER:TRACKER': 'getTracker',
  'THROTTLER:KEY_GENERATOR': 'generateKey',
  'THROTTLER:BLOCK_DURATION': 'blockDuration',
};
const NAMES = ['default', ...windowNames] as const;

/** What is said under a key, of the method or else of its controller. */
type Said = (key: string) => unknown;

/**
 * What `@SkipThrottle` and `@Throttle` say of a route. `default`, which is meant where no limit is named, stands for all limits
 * of a plan when they are skipped; a rate that is given to it takes the place of both rates (`burst` and `sustained`).
 *
 * @throws Error naming what would not hold
 */
export function routeLimitsOf(handler: object, controller: object, cost: number): RouteLimits {
  const said: Said = (key) => Reflect.getMetadata(key, handler) ?? Reflect.getMetadata(key, controller);
  refuseUnknown([handler, controller], said);
  const own = ownWindows(said);
  const skips = (name: string) => (said(SKIP + name) ?? said(`${SKIP}default`)) === true;
  const skipped = new Set<string>(NAMES.filter(skips));
  if (own.size === 0 && skipped.size === 0) return planLimits(cost);
  const all = new Set(own.values());
  const known = new WeakMap<readonly PlanWindow[], readonly PlanWindow[]>();
  const changed = (windows: readonly PlanWindow[]) =>
    windows.flatMap((window) => {
      if (skipped.has(window.name)) return [];
      return own.has(window.name) ? (own.get(window.name) ?? []) : window;
    });
  return {
    cost,
    hasOwn: all.size > 0,
    of: (windows) => {
      let mine = known.get(windows);
      if (mine === undefined) known.set(windows, (mine = changed(windows)));
      return mine;
    },
    isOwn: (window) => all.has(window),
  };
}

/** The route's own in place of a plan's, by name; undefined for one that falls away. */
function ownWindows(said: Said): ReadonlyMap<string, PlanWindow | undefined> {
  const own = new Map<string, PlanWindow | undefined>();
  const rate = ownWindow('burst', 'default', said);
  if (rate !== undefined) own.set('burst', rate).set('sustained', undefined);
  for (const name of windowNames) {
    const window = ownWindow(name, name, said);
    if (window !== undefined) own.set(name, window);
  }
  return own;
}

function ownWindow(name: WindowName, saidOf: string, said: Said): PlanWindow | undefined {
  const [limit, ttl] = [said(LIMIT + saidOf), said(TTL + saidOf)];
  if (limit === undefined && ttl === undefined) return undefined;
  const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 1;
  if (!isCount(limit) || !isCount(ttl)) {
    throw new Error(
      `@Throttle({ ${saidOf} }): "limit" and "ttl" are whole numbers from 1, "ttl" in milliseconds`,
    );
  }
  const quota = limit as number;
  if (name === 'day' || name === 'month') return { name, quota, calendar: name };
  return { name, quota, seconds: Math.ceil((ttl as number) / 1_000) };
}

function refuseUnknown(targets: readonly object[], said: Said): void {
  const keys = targets.flatMap((target) => Reflect.getMetadataKeys(target) as unknown[]);
  for (const key of keys.filter((each) => typeof each === 'string')) {
    for (const [prefix, option] of Object.entries(UNSUPPORTED)) {
      if (key.startsWith(prefix) && said(key) !== undefined)
        throw new Error(
          `@Throttle: "${option}" has no meaning here: a plan counts its caller, in sliding windows`,
        );
    }
    const prefix = [SKIP, LIMIT].find((each) => key.startsWith(each));
    const name = prefix === undefined ? undefined : key.slice(prefix.length);
    if (name !== undefined && !NAMES.some((each) => each === name))
      throw new Error(`"${name}" is no limit of a plan; expected one of ${NAMES.join(', ')}`);
  }
}
