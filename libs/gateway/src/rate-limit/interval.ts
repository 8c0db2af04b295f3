import type { PlanWindow } from './plan.js';

/** The stretch of a window that a moment falls into. */
export interface Interval {
  /** Which one: consecutive for a sliding window. */
  readonly index: number;
  /** Milliseconds until the next one begins. */
  readonly endsInMs: number;
  /** Its length in milliseconds; undefined where the one before does not count any more: a calendar's. */
  readonly slidesOverMs?: number;
}

const DAY_MS = 86_400_000;

/** `now` is in milliseconds since 1970. */
export function intervalAt(window: PlanWindow, now: number): Interval {
  if ('seconds' in window) {
    const lengthMs = window.seconds * 1_000;
    const index = Math.floor(now / lengthMs);
    return { index, endsInMs: (index + 1) * lengthMs - now, slidesOverMs: lengthMs };
  }
  if (window.calendar === 'day') {
    const index = Math.floor(now / DAY_MS);
    return { index, endsInMs: (index + 1) * DAY_MS - now };
  }
  const date = new Date(now);
  const index = date.getUTCFullYear() * 12 + date.getUTCMonth();
  return { index, endsInMs: Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1) - now };
}

/** What was counted in a interval and in the one before. */
export interface Tally {
  readonly current: number;
  readonly previous: number;
}

/**
 * What a window still lets through: the count of the interval before fades out while this one passes, so that nobody gets
 * twice the quota round the turn of a interval.
 */
export function leftOf(quota: number, { current, previous }: Tally, interval: Interval): number {
  const faded =
    interval.slidesOverMs === undefined ? 0 : (previous * interval.endsInMs) / interval.slidesOverMs;
  return Math.floor(quota - current - faded);
}

/** Milliseconds until a window lets `cost` through again, if nothing else comes. */
export function waitFor(
  cost: number,
  quota: number,
  { current, previous }: Tally,
  interval: Interval,
): number {
  const { endsInMs, slidesOverMs } = interval;
  if (slidesOverMs === undefined) return endsInMs;
  const fadesTo = (room: number, from: number) => (from <= 0 ? 0 : slidesOverMs * (1 - room / from));
  if (current + cost <= quota) {
    const passed = slidesOverMs - endsInMs;
    return Math.max(1, Math.ceil(fadesTo(quota - current - cost, previous) - passed));
  }
  return Math.ceil(endsInMs + Math.max(0, fadesTo(quota - cost, current)));
}
