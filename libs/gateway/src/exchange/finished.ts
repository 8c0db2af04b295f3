import { plainLogger, type Logger } from '@facet/platform';
import type { GatewayMetrics } from '../metrics.js';
import type { Exchange } from './exchange.js';

/** How a request ended. */
export interface Ending {
  readonly status: number;
  /** Milliseconds from its first byte here to the last byte of its answer. */
  readonly tookMs: number;
}

/** Called once for each request, when its answer is sent or its client has left. */
export type Finished = (request: Exchange, ending: Ending) => void;

/** The one place where a finished request is reported: its line in the log and its place in the metrics are made here. */
export function reportFinished({
  metrics,
  logger,
}: {
  readonly metrics: GatewayMetrics;
  readonly logger: Logger;
}): Finished {
  const plain = plainLogger(logger);
  return (request, { status, tookMs: exactMs }) => {
    const { method, routePath: route, requestId, traceId, problem } = request;
    metrics.requested({ method, route, status, seconds: exactMs / 1_000 });
    const tookMs = Math.round(exactMs * 10) / 10;
    const line = { method, route, status, tookMs, requestId, traceId };
    if (problem === undefined) plain.info(line, 'answered');
    // Why it was refused may be in a service's words.
    else logger.info({ ...line, problem, ...request.because }, 'answered');
  };
}
