import type { PlanWindow } from './plan.js';
import type { Reading } from './rate-limiter.js';
import type { RequestContext } from '../request/context.js';

/** What one limit has to say after a request, in requests and seconds. */
export interface LimitReading {
  readonly name: string;
  readonly quota: number;
  /** The length of its window; undefined for a month, which has none of its own. */
  readonly windowSeconds?: number;
  readonly remaining: number;
  readonly resetSeconds: number;
}

/** Where a limit refuses, more of it is there when a refused request may come back: `Retry-After` is never earlier. */
export function limitReading(window: PlanWindow, { admitted, left, resetMs, waitMs }: Reading): LimitReading {
  const seconds = windowSecondsOf(window);
  return {
    ...{ name: window.name, quota: window.quota, remaining: left },
    ...(seconds === undefined ? {} : { windowSeconds: seconds }),
    resetSeconds: Math.ceil((admitted ? resetMs : waitMs) / 1_000),
  };
}

const DAY_SECONDS = 86_400;

function windowSecondsOf(window: PlanWindow): number | undefined {
  if ('seconds' in window) return window.seconds;
  return window.calendar === 'day' ? DAY_SECONDS : undefined;
}

/** The items of `RateLimit-Policy`, put together once for each set of windows. */
const policies = new WeakMap<readonly PlanWindow[], string>();

/** The same as `setRateLimit` for a request that all of its limits admit, from what the counters say. */
export function setAdmitted(
  context: RequestContext,
  windows: readonly PlanWindow[],
  readings: readonly Reading[],
): void {
  let policy = policies.get(windows);
  if (policy === undefined) policies.set(windows, (policy = windows.map(policyItem).join(', ')));
  let limits = '';
  for (let index = 0; index < windows.length; index += 1) {
    const { left, resetMs } = readings[index] as Reading;
    const seconds = Math.max(0, Math.ceil(resetMs / 1_000));
    limits += `${index === 0 ? '' : ', '}"${windows[index]?.name}";r=${left};t=${seconds}`;
  }
  context.setField('ratelimit-policy', policy);
  context.setField('ratelimit', limits);
}

function policyItem(window: PlanWindow): string {
  const seconds = windowSecondsOf(window);
  const item = `"${window.name}";q=${window.quota}`;
  return seconds === undefined ? item : `${item};w=${seconds}`;
}

/**
 * `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10): an item for each limit that a request was
 * held to. `q` is the quota, `w` its window, `r` what remains of it, `t` the time until there is more.
 */
export function setRateLimit(context: RequestContext, readings: readonly LimitReading[]): void {
  if (readings.length === 0) return;
  const policies = readings.map(({ name, quota, windowSeconds }) =>
    windowSeconds === undefined ? `"${name}";q=${quota}` : `"${name}";q=${quota};w=${windowSeconds}`,
  );
  const limits = readings.map(
    ({ name, remaining, resetSeconds }) => `"${name}";r=${remaining};t=${Math.max(0, resetSeconds)}`,
  );
  context.setField('ratelimit-policy', policies.join(', '));
  context.setField('ratelimit', limits.join(', '));
}
