import { Catch, type ArgumentsHost } from '@nestjs/common';
import { BaseRpcExceptionFilter } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';

/**
 * Lets errors that have a form for the wire (`toWire()`) reach the client as that, with their code, where Nest would mask
 * them. Everything else is treated as Nest does. Use it for a whole application: `app.useGlobalFilters(new
 * WireErrorFilter())`, or as an `APP_FILTER`.
 */
@Catch()
export class WireErrorFilter extends BaseRpcExceptionFilter {
  override catch(exception: unknown, host: ArgumentsHost): Observable<unknown> {
    if (hasWireForm(exception)) return throwError(() => exception.toWire());
    return super.catch(exception, host);
  }
}

function hasWireForm(exception: unknown): exception is { toWire(): unknown } {
  return typeof (exception as { toWire?: unknown } | null)?.toWire === 'function';
}
