import type { Outcome } from '@facet/aggregation';
import { createMetrics } from '@facet/platform';
import type { EventName, Upstreams } from '@facet/routing';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The decisions of routing that are counted; calls have a histogram of their own. */
const COUNTED: readonly EventName[] = [
  'retry',
  'budget-spent',
  'hedge',
  'hedge-won',
  'breaker-open',
  'breaker-closed',
  'bulkhead-refused',
  'ejected',
  'unejected',
  'panic',
  'probe-failed',
  'connect-failed',
  'disconnected',
  'draining',
  'discovery-failed',
];

export interface GatewayMetrics {
  readonly registry: Registry;
  /** One request is over; `route` is the pattern, never the address. */
  requested(request: { method: string; route: string; status: number; seconds: number }): void;
  answered(outcome: Outcome<unknown>): void;
  /** A saga has ended; `unresolved` where it left something behind. */
  performed(saga: string, outcome: 'done' | 'undone' | 'unresolved'): void;
  /** A plan has refused a request. */
  limited(plan: string, window: string): void;
  /** A count had to wait for what instances share. */
  waitedForPlan(): void;
  /** A request was turned away because too much is asked. */
  shed(criticality: string): void;
  watch(upstreams: Upstreams): void;
}

export function createGatewayMetrics(name: string): GatewayMetrics {
  const registry = createMetrics(name);
  const registers = [registry];
  const requests = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Requests by method, route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers,
  });
  const parts = new Counter({
    name: 'facet_aggregation_parts_total',
    help: 'Parts of aggregations by what became of them',
    labelNames: ['aggregation', 'part', 'status'],
    registers,
  });
  const sagas = new Counter({
    name: 'facet_sagas_total',
    help: 'Sagas by how they ended',
    labelNames: ['saga', 'outcome'],
    registers,
  });
  const limited = new Counter({
    name: 'facet_plan_refusals_total',
    help: 'Requests that a plan has refused',
    labelNames: ['plan', 'window'],
    registers,
  });
  const waits = new Counter({
    name: 'facet_plan_waits_total',
    help: 'Counts of plans that had to wait for what instances share',
    registers,
  });
  const shed = new Counter({
    name: 'facet_shed_requests_total',
    help: 'Requests turned away because too much was asked',
    labelNames: ['criticality'],
    registers,
  });
  return {
    registry,
    shed: (criticality) => shed.inc({ criticality }),
    waitedForPlan: () => waits.inc(),
    limited: (plan, window) => limited.inc({ plan, window }),
    performed: (saga, outcome) => sagas.inc({ saga, outcome }),
    requested: ({ method, route, status, seconds }) => requests.observe({ method, route, status }, seconds),
    answered: countParts(parts),
    watch: (upstreams) => watchUpstreams(upstreams, registers),
  };
}

/** Counts the parts of answers; what counts one of a kind is found once. */
function countParts(parts: Counter): GatewayMetrics['answered'] {
  const known = new Map<string, Map<string, Counter.Internal>[]>();
  return (outcome) => {
    const { aggregation } = outcome;
    let ofParts = known.get(aggregation);
    if (ofParts === undefined) known.set(aggregation, (ofParts = []));
    const byIndex = ofParts;
    outcome.forEachPart(({ part, status }, index) => {
      const byStatus = (byIndex[index] ??= new Map<string, Counter.Internal>());
      let counter = byStatus.get(status);
      if (counter === undefined) {
        byStatus.set(status, (counter = parts.labels({ aggregation, part, status })));
      }
      counter.inc();
    });
  };
}

function watchUpstreams(upstreams: Upstreams, registers: Registry[]): void {
  const calls = new Histogram({
    name: 'facet_upstream_call_duration_seconds',
    help: 'Calls to services by operation and the code they ended with',
    labelNames: ['service', 'operation', 'code'],
    buckets: SECONDS,
    registers,
  });
  const events = new Counter({
    name: 'facet_upstream_events_total',
    help: 'What routing decided',
    labelNames: ['service', 'event'],
    registers,
  });
  new Gauge({
    name: 'facet_upstream_instances',
    help: 'Instances that are known, by service',
    labelNames: ['service'],
    registers,
    collect() {
      for (const { service, instances } of upstreams.snapshot()) this.set({ service }, instances.length);
    },
  });
  new Gauge({
    name: 'facet_upstream_pending_requests',
    help: 'Requests that were sent and are not answered yet, by service',
    labelNames: ['service'],
    registers,
    collect() {
      for (const { service, instances } of upstreams.snapshot()) {
        const pending = instances.reduce((sum, each) => sum + each.pending, 0);
        this.set({ service }, pending);
      }
    },
  });
  upstreams.events.on('call', ({ service, operation, tookMs, code }) =>
    calls.observe({ service, operation, code }, tookMs / 1_000),
  );
  for (const event of COUNTED) upstreams.events.on(event, ({ service }) => events.inc({ service, event }));
}
