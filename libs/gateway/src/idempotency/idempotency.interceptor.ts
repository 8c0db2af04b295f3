import {
  Inject,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { contextOf } from '../request/context.js';
import { from, lastValueFrom, type Observable } from 'rxjs';
import type { Idempotency } from './idempotency.js';

/** What does things once, as the gateway's policy says; nothing where that says nothing. */
export const IDEMPOTENCY = Symbol('idempotency');

/** Stands before a controller's method that changes something, and before no other. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(@Inject(IDEMPOTENCY) private readonly idempotency: Idempotency | undefined) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (this.idempotency === undefined) return next.handle();
    const request = contextOf(context.switchToHttp().getRequest<FastifyRequest>());
    if (request === undefined) return next.handle();
    const perform = () => lastValueFrom(next.handle(), { defaultValue: undefined });
    return from(this.idempotency.once(request, perform));
  }
}
