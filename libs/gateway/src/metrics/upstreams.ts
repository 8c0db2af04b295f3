import type { Operation } from '@facet/contracts';
import {
  Counter,
  Gauge,
  Histogram,
  type CounterSeries,
  type HistogramSeries,
  type Reading,
} from '@facet/platform';
import type {
  EventName,
  InstanceSnapshot,
  Meter,
  OperationMeter,
  Upstreams,
  UpstreamSnapshot,
} from '@facet/routing';
import type { Registry } from 'prom-client';

/** The decisions of routing that are counted; calls and attempts have metrics of their own. */
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

/** Counts calls to services and their attempts, as routing makes them. */
export function upstreamMeter(registry: Registry): Meter {
  const calls = new Histogram(
    {
      name: 'rpc_client_call_duration_seconds',
      help: 'Calls to services by operation; error_type is the code of the fault, empty for an answer',
      labels: ['rpc_service', 'rpc_method', 'error_type'],
    },
    registry,
  );
  const attempts = new Counter(
    {
      name: 'facet_upstream_attempts_total',
      help: 'Requests to instances by why they were sent (first, retry, hedge, redirect) and what became of them',
      labels: ['rpc_service', 'why', 'outcome'],
    },
    registry,
  );
  return (operation) => new Counts(operation, calls, attempts);
}

class Counts implements OperationMeter {
  readonly #ok: HistogramSeries;
  readonly #failed = new Map<string, HistogramSeries>();
  readonly #firstOk: CounterSeries;

  constructor(
    private readonly operation: Operation,
    private readonly calls: Histogram,
    private readonly attempts: Counter,
  ) {
    const { service, pattern } = operation;
    this.#ok = calls.with(service, pattern, '');
    this.#firstOk = attempts.with(service, 'first', 'ok');
  }

  call(code: string, tookMs: number): void {
    const series = code === 'ok' ? this.#ok : this.#failed.get(code);
    (series ?? this.#bindFailed(code)).observe(tookMs / 1_000);
  }

  attempt(why: string, code: string): void {
    if (why === 'first' && code === 'ok') this.#firstOk.inc();
    else this.attempts.with(this.operation.service, why, code).inc();
  }

  #bindFailed(code: string): HistogramSeries {
    const { service, pattern } = this.operation;
    const series = this.calls.with(service, pattern, code);
    // A code may be a service's own word: the metric bounds how many it takes.
    if (this.#failed.size < MOST_CODES) this.#failed.set(code, series);
    return series;
  }
}

const MOST_CODES = 50;

/** What is known of the services at the moment, and what routing has decided. */
export function watchUpstreams(upstreams: Upstreams, registry: Registry): void {
  const labels = ['rpc_service'];
  const events = new Counter(
    { name: 'facet_upstream_events_total', help: 'What routing decided', labels: [...labels, 'event'] },
    registry,
  );
  const services = upstreams.snapshot().map(({ service }) => service);
  for (const event of COUNTED) {
    const series = new Map(services.map((service) => [service, events.with(service, event)]));
    upstreams.events.on(event, ({ service }) => series.get(service)?.inc());
  }
  const gauge = (
    name: string,
    help: string,
    read: (of: UpstreamSnapshot) => readonly Reading[],
    more: string[] = [],
  ) =>
    new Gauge(
      { name, help, labels: [...labels, ...more] },
      () => upstreams.snapshot().flatMap(read),
      registry,
    );
  const sum = (instances: readonly InstanceSnapshot[], of: 'pending' | 'connections') =>
    instances.reduce((total, each) => total + each[of], 0);
  const states = ['connecting', 'refused', 'ready', 'ejected', 'unhealthy'] as const;
  gauge(
    'facet_upstream_instances',
    'Known instances of services by their state',
    ({ service, instances }) =>
      states.map((state) => [instances.filter((each) => each.state === state).length, service, state]),
    ['state'],
  );
  gauge('facet_upstream_connections', 'Open connections to services', ({ service, instances }) => [
    [sum(instances, 'connections'), service],
  ]);
  gauge('facet_upstream_pending_requests', 'Requests that were sent and are not answered yet', (of) => [
    [sum(of.instances, 'pending'), of.service],
  ]);
  gauge('facet_upstream_running_calls', 'Calls that have a place in the bulkhead of their service', (of) => [
    [of.running, of.service],
  ]);
  gauge(
    'facet_upstream_queued_calls',
    'Calls that wait for a place in the bulkhead of their service',
    (of) => [[of.queued, of.service]],
  );
  gauge(
    'facet_upstream_breakers',
    'Operations by the state of their breaker',
    ({ service, breakers }) => Object.entries(breakers).map(([state, count]) => [count, service, state]),
    ['state'],
  );
}
