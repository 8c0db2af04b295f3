import type { Section } from './dashboard.js';
import { graph } from './panels.js';
import { CHOSEN, quantile, rate, shareOf, sumBy } from './queries.js';

const CALLS = 'rpc_client_call_duration_seconds';
const calls = (labels: string, selector = CHOSEN) => sumBy(labels, rate(`${CALLS}_count`, selector));
const now = (metric: string, labels: string) => sumBy(labels, `${metric}{${CHOSEN}}`);
const service = '{{rpc_service}}';

/** Services as gateways see them. */
export const upstreams: Section = {
  title: 'Services, as gateways see them',
  panels: [
    graph({
      title: 'Calls by service',
      description: 'Per second, after the cache and after identical calls were joined.',
      unit: 'reqps',
      queries: [{ expr: calls('rpc_service'), legend: service }],
    }),
    graph({
      title: 'Failed calls by service',
      description: 'The share of calls that ended in an error, a business error too.',
      unit: 'percentunit',
      queries: [
        {
          expr: shareOf(calls('rpc_service', `${CHOSEN}, error_type!=""`), calls('rpc_service')),
          legend: service,
        },
      ],
    }),
    graph({
      title: 'p99 by operation',
      description: 'From the call until its answer: with queueing, retries and hedges.',
      unit: 's',
      queries: [{ expr: quantile(0.99, CALLS, 'rpc_method'), legend: '{{rpc_method}}' }],
    }),
    graph({
      title: 'Errors by code',
      description: 'The code of the fault with which calls ended.',
      unit: 'reqps',
      queries: [
        {
          expr: calls('rpc_service, error_type', `${CHOSEN}, error_type!=""`),
          legend: '{{rpc_service}}: {{error_type}}',
        },
      ],
    }),
    graph({
      title: 'Attempts by reason',
      description: 'Requests to instances. Retries and hedges are load that nobody asked for.',
      unit: 'reqps',
      stacked: true,
      queries: [
        {
          expr: sumBy('rpc_service, why', rate('facet_upstream_attempts_total')),
          legend: '{{rpc_service}}: {{why}}',
        },
      ],
    }),
    graph({
      title: 'What routing decided',
      description: 'Ejections, open breakers, lost connections, spent retry budgets.',
      unit: 'ops',
      queries: [
        {
          expr: `${sumBy('rpc_service, event', rate('facet_upstream_events_total'))} > 0`,
          legend: '{{rpc_service}}: {{event}}',
        },
      ],
    }),
    graph({
      title: 'Instances by state',
      description: 'ready ones are called; refused, ejected and unhealthy ones are not.',
      unit: 'short',
      queries: [
        {
          expr: now('facet_upstream_instances', 'rpc_service, state'),
          legend: '{{rpc_service}}: {{state}}',
        },
      ],
    }),
    graph({
      title: 'Breakers that are not closed',
      description: 'Operations that are refused without a call (open), or tried again (half-open).',
      unit: 'short',
      queries: [
        {
          expr: now('facet_upstream_breakers', 'rpc_service, state').replace(
            CHOSEN,
            `${CHOSEN}, state!="closed"`,
          ),
          legend: '{{rpc_service}}: {{state}}',
        },
      ],
    }),
    graph({
      title: 'Calls in flight and waiting',
      description:
        'pending: sent and not answered; queued: waiting for a place in the bulkhead of the service.',
      unit: 'short',
      queries: [
        { expr: now('facet_upstream_pending_requests', 'rpc_service'), legend: `${service}: pending` },
        { expr: now('facet_upstream_running_calls', 'rpc_service'), legend: `${service}: running` },
        { expr: now('facet_upstream_queued_calls', 'rpc_service'), legend: `${service}: queued` },
      ],
    }),
    graph({
      title: 'Connections',
      description: 'Open connections to services.',
      unit: 'short',
      width: 24,
      queries: [
        {
          expr: now('facet_upstream_connections', 'process, rpc_service'),
          legend: `{{process}} to ${service}`,
        },
      ],
    }),
  ],
};
