import { degradedIn, type Run } from '@facet/aggregation';
import { plainLogger, type Logger } from '@facet/platform';
import type { GatewayMetrics } from '../metrics/gateway-metrics.js';
import type { Recorder } from '../record/recorder.js';
import type { RequestContext } from './context.js';

/** The parts that an answer is without, and why: `{ stock: 'upstream.timeout' }`. */
function reasonsOf(run: Run): Readonly<Record<string, string>> {
  return Object.fromEntries(degradedIn(run).map(({ part, reason }) => [part, reason]));
}

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
    const { method, routePath: route, status, requestId, traceId, problem, run } = request;
    const ending = { status, tookMs: request.tookMs };
    metrics.finished(request, ending);
    const tookMs = Math.round(ending.tookMs * 10) / 10;
    const line = { method, route, status, tookMs, requestId, traceId };
    // Why it was refused, or what it is without, may be in a service's words.
    if (problem !== undefined) logger.info({ ...line, problem, ...request.because }, 'answered');
    else if (run?.isDegraded === true) logger.info({ ...line, degraded: reasonsOf(run) }, 'answered');
    else plain.info(line, 'answered');
    recorder.finished(request, ending);
  };
}
