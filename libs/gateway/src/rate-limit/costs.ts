import { SetMetadata } from '@nestjs/common';

export const COST = 'facet:cost';

/** Says of a route that one request counts as several against the caller's plan. Default 1. */
export function Costs(requests: number): MethodDecorator {
  if (!Number.isInteger(requests) || requests < 1) {
    throw new RangeError(`@Costs(${requests}): expected a whole number from 1`);
  }
  return SetMetadata(COST, requests);
}
