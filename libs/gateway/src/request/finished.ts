import { plainLogger, type Logger } from '@facet/platform';
import type { GatewayMetrics } from '../metrics/gateway-metrics.js';
import type { Recorder } from '../record/recorder.js';
import type { RequestContext } from './context.js';

/** Called once for each request, when its answer is sent or its client has left. */
export type Finished = (request: RequestContext) => void;

/** The one place where a finished request is reported: its line in the log and its place in the metrics are made here. */
export function reportFinished({
  metrics,
  recorder,
  logger,
}: {
  readonly metrics: GatewayMetrics;
  readonly recorder: Recorder;
  readonly logger: Logger;
}): Finished {
  const plain = plainLogger(logger);
  return (request) => {
    const { method, routePath: route, status, requestId, traceId, problem } = request;
    const ending = { status, tookMs: request.tookMs };
    metrics.finished(request, ending);
    const tookMs = Math.round(ending.tookMs * 10) / 10;
    const line = { method, route, status, tookMs, requestId, traceId };
    if (problem === undefined) plain.info(line, 'answered');
    // Why it was refused may be in a service's words.
    else logger.info({ ...line, problem, ...request.because }, 'answered');
    recorder.finished(request, ending);
  };
}
