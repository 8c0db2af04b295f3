import { degradedIn, type Run } from '@facet/aggregation';
import { lineWriter, type Logger } from '@facet/platform';
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
  const writeLine = lineWriter(logger);
  return (request) => {
    const { method, routePath: route, status, requestId, traceId, problem, run } = request;
    const ending = { status, tookMs: request.tookMs };
    metrics.finished(request, ending);
    const tookMs = Math.round(ending.tookMs * 10) / 10;
    // Why it was refused, or what it is without, may be in a service's words.
    const why = problem !== undefined ? { problem, ...request.because } : degradedBy(run);
    if (why === undefined) {
      const { pathJson } = request.endpoint;
      const times = `"status":${status},"tookMs":${tookMs},"requestId":"${requestId}","traceId":"${traceId}"`;
      writeLine(`"method":"${method}","route":${pathJson},${times},"msg":"answered"`);
    } else logger.info({ method, route, status, tookMs, requestId, traceId, ...why }, 'answered');
    recorder.finished(request, ending);
  };
}

function degradedBy(run: Run | undefined): { readonly degraded: object } | undefined {
  return run?.isDegraded === true ? { degraded: reasonsOf(run) } : undefined;
}
