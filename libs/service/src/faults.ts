import { Catch, Logger, type ArgumentsHost, type RpcExceptionFilter } from '@nestjs/common';
import { RpcException } from '@nestjs/microservices';
import { Fault } from '@facet/platform';
import { throwError, type Observable } from 'rxjs';
import { databaseFault, describeDatabaseError, inputFault } from './database/faults.js';

/** The one place where what a handler throws becomes what the caller gets. */
@Catch()
export class FaultFilter implements RpcExceptionFilter<unknown> {
  private readonly logger = new Logger('faults');

  catch(error: unknown, host: ArgumentsHost): Observable<never> {
    if (error instanceof RpcException) return throwError(() => error.getError());
    return throwError(() => this.faultOf(error, host).toWire());
  }

  private faultOf(error: unknown, host: ArgumentsHost): Fault {
    if (error instanceof Fault) return error;
    const { signal } = host.switchToRpc().getContext<{ signal?: AbortSignal }>();
    if (signal?.aborted) return new Fault('request.cancelled', 499, 'nobody waits for this answer any more');
    const known = databaseFault(error) ?? inputFault(error);
    const details = describeDatabaseError(error);
    const what = details === undefined ? error : { database: details };
    if (known === undefined) this.logger.error(what);
    else this.logger.warn(what);
    return known ?? new Fault('internal', 500, 'the service failed');
  }
}
