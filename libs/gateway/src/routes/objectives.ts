import { SetMetadata, type CustomDecorator } from '@nestjs/common';

export const OBJECTIVES = 'facet:objectives';

/**
 * What a route promises over 30 days (service level objectives). Alerts and panels are made from it; docs/guides/observe.md
 * says how. An objective that is left out is not watched.
 */
export interface Objectives {
  /** Percentage of its requests that do not end in a 5xx, from 95 to 99.999. */
  readonly availability?: number;
  /** 99% of its answers (2xx and 3xx) take at most this long, in milliseconds. */
  readonly latencyMs?: number;
  /** Percentage of its answers that have all their parts, from 95 to 99.999. For aggregations with parts that are not required. */
  readonly complete?: number;
}

/** The share of answers that are to arrive within `latencyMs`. */
export const LATENCY_SHARE = 0.99;

/** Below 95% the fast alert could not fire: it needs 14.4 times the errors that the objective allows. */
const PERCENT = { min: 95, max: 99.999 };
const MAX_LATENCY_MS = 60_000;

/** States the objectives of a controller's method: `@Slo({ availability: 99.9 })`. In `routes.ts` they are an option of `route`. */
export function Slo(objectives: Objectives): CustomDecorator {
  return SetMetadata(OBJECTIVES, objectives);
}

/**
 * Checks what a route says, which `canBeDegraded` or not.
 *
 * @throws RangeError naming what does not fit
 */
export function checkObjectives(objectives: Objectives, canBeDegraded: boolean): Objectives {
  const { availability, latencyMs, complete, ...others } = objectives;
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined)
    throw new RangeError(`slo has no "${unknown}", only availability, latencyMs and complete`);
  if (availability === undefined && latencyMs === undefined && complete === undefined)
    throw new RangeError('slo is empty, expected availability, latencyMs or complete');
  for (const [name, percent] of Object.entries({ availability, complete }))
    if (percent !== undefined && !isWithin(percent, PERCENT.min, PERCENT.max))
      throw new RangeError(
        `slo.${name} is ${JSON.stringify(percent)}, expected a percentage from ${PERCENT.min} to ${PERCENT.max}`,
      );
  if (latencyMs !== undefined && !isWithin(latencyMs, 1, MAX_LATENCY_MS))
    throw new RangeError(
      `slo.latencyMs is ${JSON.stringify(latencyMs)}, expected milliseconds from 1 to ${MAX_LATENCY_MS}`,
    );
  if (complete !== undefined && !canBeDegraded)
    throw new RangeError('slo.complete is for an aggregation with parts that are not required');
  return objectives;
}

function isWithin(value: unknown, min: number, max: number): boolean {
  return typeof value === 'number' && value >= min && value <= max;
}
