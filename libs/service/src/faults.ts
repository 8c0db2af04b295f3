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
    const { signal } = host.switchToRpc().getContext<{ signal?: AbortSignal }>();
    const meaning = this.meaningOf(error, signal);
    return throwError(() => (meaning instanceof Fault ? meaning.toWire() : meaning.getError()));
  }

  /** What an error means to a caller. One without a meaning is logged here. */
  meaningOf(error: unknown, signal: AbortSignal | undefined): Fault | RpcException {
    if (error instanceof Fault || error instanceof RpcException) return error;
    if (signal?.aborted) return new Fault('request.cancelled', 499, 'nobody waits for this answer any more');
    const known = databaseFault(error) ?? inputFault(error);
    const details = describeDatabaseError(error);
    const what = details === undefined ? error : { database: details };
    if (known === undefined) this.logger.error(what);
    else this.logger.warn(what);
    return known ?? new Fault('internal', 500, 'the service failed');
  }
}
