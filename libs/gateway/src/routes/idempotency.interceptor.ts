import {
  Inject,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import type { Idempotency } from '../policy/idempotency.js';

/** What does things once, as the gateway's policy says; nothing where that says nothing. */
export const IDEMPOTENCY = Symbol('idempotency');

/** Stands before a controller's method that changes something, and before no other. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(@Inject(IDEMPOTENCY) private readonly idempotency: Idempotency | undefined) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (this.idempotency === undefined) return next.handle();
    const http = context.switchToHttp();
    const perform = () => lastValueFrom(next.handle(), { defaultValue: undefined });
    const [request, reply] = [http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>()];
    return from(this.idempotency.once(request, reply, perform));
  }
}
