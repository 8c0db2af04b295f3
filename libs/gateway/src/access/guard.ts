import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import { type Access, auditedCaller, type AuthRequest, checkAccess } from '@facet/access';
import { Fault } from '@facet/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayAuth } from '../auth.js';
import { exchangeOf } from '../exchange/exchange.js';
import { rawBodyOf } from '../http/json-body.js';
import { addressOf } from '../http/trusted-proxies.js';
import type { Plans } from '../policy/plans.js';
import { countVisitor } from '../policy/visitors.js';
import { ACCESS } from './access.js';

/**
 * Proves the caller, where there is somebody to prove. What they may do comes later, as does the plan: a credential that
 * is refused never gets there and is counted here.
 */
export class ProofGuard implements CanActivate {
  constructor(
    private readonly auth: GatewayAuth | undefined,
    private readonly plans: Plans | undefined,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.auth === undefined) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const asked = authRequestOf(request);
    try {
      exchangeOf(request)?.provenBy(await this.auth.authenticator.authenticate(asked));
    } catch (error) {
      if (error instanceof Fault && error.status < 500)
        await countVisitor(this.plans, request, context.switchToHttp().getResponse<FastifyReply>());
      challenge(this.auth, error, context);
      throw error;
    }
    return true;
  }
}

/** Holds the caller against the route's rule. A route without a rule never lets anybody in. */
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly auth: GatewayAuth | undefined,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === undefined) throw new Fault('access.denied', 403, 'Nobody may use this.');
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    try {
      checkAccess(access, exchangeOf(request)?.caller);
    } catch (error) {
      if (this.auth !== undefined) challenge(this.auth, error, context);
      throw error;
    }
    return true;
  }
}

/** Says with a refusal how to be let in, and puts it on record. */
function challenge(auth: GatewayAuth, error: unknown, context: ExecutionContext): void {
  if (!(error instanceof Fault) || (error.status !== 401 && error.status !== 403)) return;
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const reply = context.switchToHttp().getResponse<FastifyReply>();
  reply.headers(auth.authenticator.challenge(error, authRequestOf(request)));
  const exchange = exchangeOf(request);
  auth.audit?.({
    type: 'access',
    outcome: 'denied',
    code: error.code,
    target: `${request.method} ${request.routeOptions.url ?? ''}`,
    ...(exchange === undefined ? {} : { requestId: exchange.requestId }),
    ...auditedCaller(exchange?.caller),
  });
}

function authRequestOf(request: FastifyRequest): AuthRequest {
  const { rawHeaders } = request.raw;
  const headers = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1] ?? ''] as const] : [],
  );
  return {
    method: request.method,
    url: urlOf(request),
    target: targetOf(request),
    headers,
    remoteAddress: addressOf(request),
    requestId: exchangeOf(request)?.requestId ?? '',
    body: () => Promise.resolve(rawBodyOf(request)),
  };
}

function urlOf({ protocol, host, raw: { url = '/' } }: FastifyRequest): URL {
  const parsed = URL.parse(url.startsWith('/') ? `${protocol}://${host}${url}` : url);
  if (parsed === null) throw new Fault('http.bad-request', 400, 'The Host header is not a host.');
  return parsed;
}

/** Without scheme and host where they are there (RFC 9112, section 3.2.2), as the router reads it. */
function targetOf({ raw: { url = '/' } }: FastifyRequest): string {
  const target = url.replace(/^https?:\/\/[^/?]*/i, '');
  return target.startsWith('/') ? target : `/${target}`;
}
