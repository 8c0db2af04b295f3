import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Fault } from '@facet/platform';
import type { FastifyRequest } from 'fastify';
import { contextOf } from '../request/context.js';
import { runSteps, type Step } from '../request/steps.js';
import type { Route } from '../routes/route.js';
import type { RouteTable } from '../routes/table.js';

/** Takes the steps that every route has before it is answered, for the routes that Nest answers: before guards of one's own. */
export class AdmissionGuard implements CanActivate {
  readonly #steps = new Map<Route | undefined, readonly Step[]>();

  constructor(
    private readonly stepsFor: (route: Route | undefined) => readonly Step[],
    private readonly routes: RouteTable,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const asked = contextOf(context.switchToHttp().getRequest<FastifyRequest>());
    if (asked === undefined) throw new Fault('access.denied', 403, 'Nobody may use this.');
    const route = this.routes.of(context.getClass(), context.getHandler());
    asked.route = route;
    const refusal = runSteps(this.#stepsOf(route), asked);
    return refusal instanceof Promise ? refusal.then(admitted) : admitted(refusal);
  }

  #stepsOf(route: Route | undefined): readonly Step[] {
    let steps = this.#steps.get(route);
    if (steps === undefined) this.#steps.set(route, (steps = this.stepsFor(route)));
    return steps;
  }
}

function admitted(refusal: unknown): boolean {
  if (refusal !== undefined) throw refusal as Error;
  return true;
}
