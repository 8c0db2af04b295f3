import { SetMetadata } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import { PERFORMS } from '../sagas/performs.js';
import { PASS_THROUGH } from '../routes/pass-through.js';
import type { PassThroughRoute } from '../routes/routes.js';

export const WRITES = 'facet:writes';

/**
 * Says of a controller's own method that is no GET whether it changes anything: then a client sends an `Idempotency-Key`
 * and it is done once for each. Sagas and passed-through commands are known to, aggregations and queries not to.
 */
export function Writes(changes: boolean): MethodDecorator {
  return SetMetadata(WRITES, changes);
}

type Handler = Parameters<Reflector['get']>[1];

/** Whether what a route does is done once for each `Idempotency-Key`. */
export function needsKey(reflector: Reflector, handler: Handler): boolean {
  return (
    reflector.get<unknown>(PERFORMS, handler) !== undefined ||
    reflector.get<PassThroughRoute | undefined>(PASS_THROUGH, handler)?.operation.kind === 'command' ||
    reflector.get<boolean | undefined>(WRITES, handler) === true
  );
}
