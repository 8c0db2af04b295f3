import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Fault } from '@facet/platform';
import type { FastifyRequest } from 'fastify';
import { exchangeOf } from '../exchange/exchange.js';
import { runSteps, type Step } from '../exchange/steps.js';
import type { RouteTable } from '../routes/table.js';

/** Takes the steps that every route has before it is answered, for the routes that Nest answers: before guards of one's own. */
export class AdmissionGuard implements CanActivate {
  constructor(
    private readonly steps: readonly Step[],
    private readonly routes: RouteTable,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const asked = exchangeOf(context.switchToHttp().getRequest<FastifyRequest>());
    if (asked === undefined) throw new Fault('access.denied', 403, 'Nobody may use this.');
    asked.route = this.routes.of(context.getClass(), context.getHandler());
    const verdict = runSteps(this.steps, asked);
    return verdict instanceof Promise ? verdict.then(admitted) : admitted(verdict);
  }
}

function admitted(verdict: unknown): boolean {
  if (verdict !== undefined) throw verdict as Error;
  return true;
}
