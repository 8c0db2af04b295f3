import { durationOf } from './duration.js';
import type { Alert, Group } from './rule.js';

/** Minutes as Prometheus writes them. */
type Window = (minutes: number) => string;

/**
 * Alerts on causes, where a cause is known to need somebody. What clients notice is the objectives' affair: these say where to
 * look, and find what no client has noticed yet.
 */
export function healthRules(scale = 1): readonly Group[] {
  const window: Window = (minutes) => durationOf(minutes * 60, scale);
  return [
    { name: 'facet-health', rules: [...whatIsGone(window), ...whatIsFull(window), leftBehind(window)] },
  ];
}

function whatIsGone(window: Window): readonly Alert[] {
  return [
    {
      ...{ alert: 'FacetInstanceDown', severity: 'ticket', for: window(1), runbook: 'instance-down' },
      expr: 'up{job=~"facet-.+"} == 0',
      summary: '{{ $labels.process }} ({{ $labels.instance }}) cannot be scraped',
      description: 'It has ended, hangs, or its admin port cannot be reached from here.',
    },
    {
      ...{
        alert: 'FacetServiceUnreachable',
        severity: 'page',
        for: window(1),
        runbook: 'service-unreachable',
      },
      expr: [
        'sum by (job, process, rpc_service) (facet_upstream_instances{state="ready"}) == 0',
        'and',
        'sum by (job, process, rpc_service) (facet_upstream_instances) > 0',
      ].join('\n'),
      summary: '{{ $labels.process }} reaches no instance of {{ $labels.rpc_service }}',
      description:
        'Every known instance is refused, ejected or unhealthy. `/health/ready` of the gateway names the routes that suffer.',
    },
    {
      ...{ alert: 'FacetBreakerOpen', severity: 'ticket', for: window(2), runbook: 'breaker-open' },
      expr: 'max by (job, process, rpc_service) (facet_upstream_breakers{state="open"}) > 0',
      summary: '{{ $labels.process }} does not call operations of {{ $labels.rpc_service }} that fail',
      description: '{{ $value }} of its operations fail so often that they are refused without a call.',
    },
  ];
}

function whatIsFull(window: Window): readonly Alert[] {
  return [
    {
      ...{ alert: 'FacetRequestsShed', severity: 'page', runbook: 'requests-shed' },
      expr: [
        `sum by (job, process) (rate(facet_shed_requests_total[${window(5)}]))`,
        `/ sum by (job, process) (rate(http_server_request_duration_seconds_count[${window(5)}]))`,
        '> 0.01',
      ].join('\n'),
      summary: '{{ $labels.process }} turns requests away',
      description:
        'More is asked than it can do: {{ $value | humanizePercentage }} of its requests get a 503.',
    },
    {
      ...{ alert: 'FacetEventLoopBusy', severity: 'ticket', runbook: 'event-loop-busy' },
      expr: `min_over_time(nodejs_eventloop_utilization_ratio{job=~"facet-.+"}[${window(5)}]) > 0.9`,
      summary: '{{ $labels.process }} ({{ $labels.instance }}) uses its whole event loop',
      description: 'Its event loop is busy for {{ $value | humanizePercentage }} of the time or more.',
    },
    {
      ...{ alert: 'FacetPoolExhausted', severity: 'ticket', runbook: 'pool-exhausted' },
      expr: `min_over_time(db_client_connection_pending_requests[${window(5)}]) > 0`,
      summary: '{{ $labels.process }} ({{ $labels.instance }}) waits for connections to its database',
      description: 'All connections of its pool are in use, and queries wait for one.',
    },
  ];
}

function leftBehind(window: Window): Alert {
  return {
    ...{ alert: 'FacetSagaUnresolved', severity: 'ticket', runbook: 'saga-unresolved' },
    expr: `sum by (job, process, saga) (increase(facet_sagas_total{outcome="unresolved"}[${window(60)}])) > 0`,
    summary: 'A saga of {{ $labels.process }}, {{ $labels.saga }}, has left something behind',
    description: 'A step could not be undone. The log of the gateway names the steps and the request.',
  };
}
