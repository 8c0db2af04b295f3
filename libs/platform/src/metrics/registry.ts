import { performance, type EventLoopUtilization } from 'node:perf_hooks';
import { collectDefaultMetrics, Registry, type OpenMetricsContentType } from 'prom-client';
import { Gauge } from './gauge.js';

/** A registry that already has what is known of every process: memory, event loop, garbage collection. */
export function createMetrics(name: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ process: name });
  collectDefaultMetrics({ register: registry });
  addEventLoopUtilization(registry);
  return registry;
}

function addEventLoopUtilization(registry: Registry): void {
  let last: EventLoopUtilization = performance.eventLoopUtilization();
  const read = () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return [[utilization] as const];
  };
  const help = 'The share of the time since the last scrape in which the event loop was busy';
  new Gauge({ name: 'nodejs_eventloop_utilization_ratio', help }, read, registry);
}

export interface Exposition {
  readonly type: string;
  readonly body: string;
}

const OPEN_METRICS = 'application/openmetrics-text';

/** The metrics in the format that a scraper accepts: OpenMetrics, which has exemplars, or Prometheus' own. */
export async function exposition(registry: Registry, accept = ''): Promise<Exposition> {
  if (!accept.includes(OPEN_METRICS)) return { type: registry.contentType, body: await registry.metrics() };
  const open = openMetricsOf(registry);
  return { type: open.contentType, body: await open.metrics() };
}

/** The same metrics in the other format. prom-client renames counters for it, and so is given objects that stand on them. */
function openMetricsOf(registry: Registry): Registry<OpenMetricsContentType> {
  const open = new Registry<OpenMetricsContentType>();
  open.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  open.setDefaultLabels((registry as unknown as { _defaultLabels: object })._defaultLabels);
  for (const metric of registry.getMetricsAsArray()) {
    open.registerMetric(Object.create(metric as object) as never);
  }
  return open;
}
