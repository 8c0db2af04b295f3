import type { Logger } from '@facet/platform';
import { runSaga, SagaError, type RunSagaOptions, type Saga, type SagaOutcome } from '@facet/saga';
import type { z } from 'zod';
import type { GatewayMetrics } from '../metrics/gateway-metrics.js';
import type { RequestContext } from '../request/context.js';

type Options<Input> = Omit<RunSagaOptions<Input>, 'record' | 'signal' | 'caller'>;

/** The sagas that run here: each is finished or undone, whether or not its client waits. */
export class Sagas {
  private readonly running = new Set<Promise<unknown>>();

  constructor(
    private readonly logger: Logger,
    private readonly metrics: GatewayMetrics,
  ) {}

  /** What cannot be undone goes to the log, each for itself, with all that it takes to undo it by hand. */
  async run<I extends z.ZodType, Result>(
    saga: Saga<I, Result>,
    { caller, cancellation: signal, requestId, traceId }: RequestContext,
    options: Options<z.output<I>>,
  ): Promise<SagaOutcome<Result>> {
    const record: RunSagaOptions<unknown>['record'] = (left) =>
      this.logger.error(
        { left, requestId, traceId, subject: caller?.subject },
        'a saga left something behind',
      );
    const run = runSaga(saga, { ...options, signal, record, ...(caller === undefined ? {} : { caller }) });
    this.running.add(run);
    try {
      const outcome = await run;
      this.metrics.performed(saga.name, 'done');
      return outcome;
    } catch (error) {
      const unresolved = error instanceof SagaError ? error.unresolved.length : 0;
      this.metrics.performed(saga.name, unresolved === 0 ? 'undone' : 'unresolved');
      throw error;
    } finally {
      this.running.delete(run);
    }
  }

  /** Resolves when none runs any more. */
  async settled(): Promise<void> {
    while (this.running.size > 0) await Promise.allSettled(this.running);
  }
}
