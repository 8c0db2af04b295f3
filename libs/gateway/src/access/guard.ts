import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import { auditedCaller, checkAccess, Fault, type Access, type AuthRequest } from '@facet/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayAuth } from '../auth.js';
import { exchangeOf } from '../exchange/exchange.js';
import { rawBodyOf } from '../http/json-body.js';
import { ACCESS } from './access.js';

/** Proves the caller, then holds them against the route's rule. A route without a rule never lets anybody in. */
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly auth: GatewayAuth | undefined,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === undefined) throw new Fault('access.denied', 403, 'Nobody may use this.');
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    await this.admit(access, request, reply);
    return true;
  }

  private async admit(access: Access, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (this.auth === undefined) {
      checkAccess(access, undefined);
      return;
    }
    const { authenticator } = this.auth;
    const asked = authRequestOf(request);
    try {
      const caller = await authenticator.authenticate(asked);
      exchangeOf(request)?.provenBy(caller);
      checkAccess(access, caller);
    } catch (error) {
      if (error instanceof Fault && (error.status === 401 || error.status === 403)) {
        reply.headers(authenticator.challenge(error, asked));
        this.record(error, request);
      }
      throw error;
    }
  }

  private record({ code }: Fault, request: FastifyRequest): void {
    const exchange = exchangeOf(request);
    this.auth?.audit?.({
      type: 'access',
      outcome: 'denied',
      code,
      target: `${request.method} ${request.routeOptions.url ?? ''}`,
      ...(exchange === undefined ? {} : { requestId: exchange.requestId }),
      ...auditedCaller(exchange?.caller),
    });
  }
}

function authRequestOf(request: FastifyRequest): AuthRequest {
  const { rawHeaders } = request.raw;
  const headers = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1] ?? ''] as const] : [],
  );
  return {
    method: request.method,
    url: urlOf(request),
    headers,
    remoteAddress: request.ip,
    requestId: exchangeOf(request)?.requestId ?? '',
    body: () => Promise.resolve(rawBodyOf(request)),
  };
}

function urlOf({ protocol, host, raw: { url = '/' } }: FastifyRequest): URL {
  const parsed = URL.parse(url.startsWith('/') ? `${protocol}://${host}${url}` : url);
  if (parsed === null) throw new Fault('http.bad-request', 400, 'The Host header is not a host.');
  return parsed;
}
