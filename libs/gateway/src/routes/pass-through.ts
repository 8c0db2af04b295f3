import {
  Controller,
  HttpCode,
  Req,
  RequestMapping,
  RequestMethod,
  SetMetadata,
  type Type,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ACCESS } from '../access/access.js';
import { incomingOf, type AnswerBody } from '../answers/incoming.js';
import { parseInput } from '../answers/input.js';
import { Costs } from '../policy/costs.js';
import { collector } from './collect.js';
import { Deprecated } from './deprecation.js';
import type { PassThroughRoute } from './routes.js';

export const PASS_THROUGH = 'facet:pass-through';

/**
 * A Nest controller with one method for each of `routes`: guards, interceptors and filters hold for them as for any
 * other. Only these operations can be reached; there is no catch-all.
 */
export function passThrough(routes: readonly PassThroughRoute[]): Type {
  class PassThroughController {}
  Controller()(PassThroughController);
  for (const route of routes) addMethod(PassThroughController, route);
  return PassThroughController;
}

function addMethod(controller: Type, route: PassThroughRoute): void {
  const name = `${route.method} ${route.path}`;
  const prototype = controller.prototype as object;
  if (name in prototype) throw new Error(`${name} is there twice`);
  const collect = collector(route);
  const handler = (request: FastifyRequest): Promise<AnswerBody> => {
    const incoming = incomingOf(request);
    const input = parseInput(route.operation.input, collect(request, incoming.context));
    return incoming.forward(route.operation, input);
  };
  const descriptor = { value: handler, writable: true, configurable: true, enumerable: true };
  Object.defineProperty(prototype, name, descriptor);
  Req()(prototype, name, 0);
  for (const decorate of [
    RequestMapping({ path: route.path, method: RequestMethod[route.method] }),
    HttpCode(200),
    SetMetadata(ACCESS, route.access),
    SetMetadata(PASS_THROUGH, route),
    Costs(route.cost),
    ...(route.deprecated === undefined ? [] : [Deprecated(route.deprecated)]),
  ]) {
    decorate(prototype, name, descriptor);
  }
}
