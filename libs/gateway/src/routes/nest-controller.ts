import {
  Controller,
  HttpCode,
  Req,
  RequestMapping,
  RequestMethod,
  SetMetadata,
  type Type,
  UseInterceptors,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ACCESS } from '../access/access.js';
import { requestOf } from '../answers/gateway-request.js';
import type { ControllerRoute } from './controllers.js';
import { IdempotencyInterceptor } from '../idempotency/idempotency.interceptor.js';
import type { Route } from './route.js';
import { answeringOf, statusOf } from './serve.js';

/**
 * A Nest controller with a method for each of `routes`, for those that guards, pipes, interceptors or filters of the user's
 * stand before. Nest finds the methods when `mapRoutes` has given them their addresses.
 */
export function nestController(routes: readonly Route[]): {
  readonly controller: Type;
  readonly routes: readonly ControllerRoute[];
} {
  class ListedRoutesController {}
  Controller()(ListedRoutesController);
  const made = routes.map((route) => ({
    route,
    controller: ListedRoutesController,
    handler: addMethod(ListedRoutesController, route),
  }));
  return { controller: ListedRoutesController, routes: made };
}

/** Lets Nest answer a route that `nestController` has made a method for. */
export function mapRoute({ route: { method, path, target }, controller, handler }: ControllerRoute): void {
  const descriptor = { value: handler };
  const mapping = { path, method: RequestMethod[method as keyof typeof RequestMethod] };
  for (const decorate of [RequestMapping(mapping), HttpCode(statusOf({ target }))]) {
    decorate(controller.prototype as object, `${method} ${path}`, descriptor);
  }
}

function addMethod(controller: Type, route: Route): object {
  const name = `${route.method} ${route.path}`;
  const prototype = controller.prototype as object;
  const answering = answeringOf(route);
  const handler = (request: FastifyRequest) => answering(requestOf(request));
  const descriptor = { value: handler, writable: true, configurable: true, enumerable: true };
  Object.defineProperty(prototype, name, descriptor);
  Req()(prototype, name, 0);
  const once = route.isIdempotent ? [UseInterceptors(IdempotencyInterceptor)] : [];
  for (const decorate of [SetMetadata(ACCESS, route.access), ...once, ...route.nest])
    decorate(prototype, name, descriptor);
  return handler;
}
