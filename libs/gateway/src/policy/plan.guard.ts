import type { ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { PlanWindow } from '@facet/policy';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { exchangeOf } from '../exchange/exchange.js';
import { addressOf } from '../http/trusted-proxies.js';
import { COST } from './costs.js';
import type { Plans, Principal } from './plans.js';
import { ThrottlerGuard, type ThrottlerOptions, type ThrottlerRequest } from './throttler.js';
import { setRateLimit, type LimitReading } from './rate-limit-fields.js';

const HELD_TO = Symbol('held to');

/** Whom a request is counted for, and what its limits have said so far. */
interface HeldTo {
  readonly principal: Principal;
  readonly readings: LimitReading[];
}

declare module 'fastify' {
  interface FastifyRequest {
    [HELD_TO]?: HeldTo;
  }
}

/**
 * Counts each request against its caller's plan. Nest's own throttler with plans for its limits, so that `@SkipThrottle`
 * and `@Throttle` hold as Nest users know them; a limit of a route's own is counted for that route alone.
 */
export class PlanGuard extends ThrottlerGuard {
  constructor(
    private readonly plans: Plans,
    reflector: Reflector,
  ) {
    super({ throttlers: plans.windowNames.map((name) => throttlerOf(name, plans)) }, plans, reflector);
  }

  protected override async handleRequest(asked: ThrottlerRequest): Promise<boolean> {
    const { context, limit, ttl, throttler, blockDuration } = asked;
    const name = throttler.name as PlanWindow['name'];
    const { principal, readings } = heldTo(context, this.plans);
    const isOfPlan = principal.windows.some(
      (window) => window.name === name && window.quota === limit && lengthOf(window) === ttl,
    );
    const key = isOfPlan
      ? principal.id
      : `${principal.id}:${context.getClass().name}.${context.getHandler().name}`;
    const record = await this.plans.increment(key, ttl, limit, blockDuration, name, this.costOf(context));
    readings.push({
      ...{ name, quota: limit, remaining: limit - record.totalHits },
      ...(name === 'month' ? {} : { windowSeconds: Math.ceil(ttl / 1_000) }),
      resetSeconds: record.isBlocked ? record.timeToBlockExpire : record.timeToExpire,
    });
    setRateLimit(context.switchToHttp().getResponse<FastifyReply>(), readings);
    if (record.isBlocked) this.refuse(context, name, record.timeToBlockExpire * 1_000);
    return true;
  }

  private refuse(context: ExecutionContext, window: PlanWindow['name'], waitMs: number): never {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { principal, readings } = heldTo(context, this.plans);
    const isProven = exchangeOf(request)?.caller !== undefined;
    this.plans.refusals.remember(request, { plan: principal.plan, window, waitMs, readings }, isProven);
    throw this.plans.refusal(principal, window, waitMs);
  }

  private costOf(context: ExecutionContext): number {
    return this.reflector.get<number | undefined>(COST, context.getHandler()) ?? 1;
  }
}

function throttlerOf(name: PlanWindow['name'], plans: Plans): ThrottlerOptions {
  const windowOf = (context: ExecutionContext) =>
    heldTo(context, plans).principal.windows.find((window) => window.name === name);
  return {
    name,
    limit: (context) => windowOf(context)?.quota ?? 0,
    ttl: (context) => lengthOf(windowOf(context)),
    skipIf: (context) => windowOf(context) === undefined,
  };
}

const DAY_MS = 86_400_000;

/** In milliseconds; a month's is the longest that it can have. */
function lengthOf(window: PlanWindow | undefined): number {
  if (window === undefined) return 0;
  if ('seconds' in window) return window.seconds * 1_000;
  return window.calendar === 'day' ? DAY_MS : 31 * DAY_MS;
}

function heldTo(context: ExecutionContext, plans: Plans): HeldTo {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return (request[HELD_TO] ??= {
    principal: plans.principalOf(addressOf(request), exchangeOf(request)?.caller),
    readings: [],
  });
}
