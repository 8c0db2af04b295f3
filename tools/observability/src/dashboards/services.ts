import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboardOf, type Section } from './dashboard.js';
import { graph, stat, table } from './panels.js';
import { CHOSEN, quantile, rate, shareOf, sumBy } from './queries.js';

const CALLS = 'rpc_server_call_duration_seconds';
const METHOD = 'process, rpc_method';
const method = '{{rpc_method}}';
const calls = (labels: string, selector = CHOSEN) => sumBy(labels, rate(`${CALLS}_count`, selector));
const failed = (labels: string) => calls(labels, `${CHOSEN}, error_type!=""`);

const overview: Section = {
  title: 'Now',
  panels: [
    stat({ title: 'Calls', description: 'Calls per second.', unit: 'reqps', expr: calls('') }),
    stat({
      title: 'Errors',
      description: 'The share of calls that end in an error, a business error too.',
      unit: 'percentunit',
      expr: shareOf(failed(''), calls('')),
    }),
    stat({
      title: 'p99',
      description: '99% of the calls take at most this long here.',
      unit: 's',
      expr: quantile(0.99, CALLS),
    }),
    stat({
      title: 'Queue, p99',
      description: '99% of the calls wait at most this long until their handler begins.',
      unit: 's',
      expr: quantile(0.99, 'facet_service_queue_seconds'),
      limits: [0.05, 0.25],
    }),
    stat({
      title: 'SQL, p99',
      description: '99% of the queries take at most this long.',
      unit: 's',
      expr: quantile(0.99, 'db_client_operation_duration_seconds'),
    }),
    stat({
      title: 'Waiting for a connection',
      description:
        'Queries that wait for a connection of the pool. Above 0 for long: the pool is too small, or queries too slow.',
      unit: 'short',
      expr: sumBy('', `db_client_connection_pending_requests{${CHOSEN}}`),
      limits: [1, 10],
    }),
  ],
};

const operations: Section = {
  title: 'Operations: rate, errors, duration',
  panels: [
    table({
      title: 'Operations',
      description: 'Each operation of the chosen services. A click on a heading sorts.',
      rows: { process: 'Service', rpc_method: 'Operation' },
      columns: [
        { name: 'Calls', unit: 'reqps', expr: calls(METHOD) },
        { name: 'Errors', unit: 'percentunit', expr: shareOf(failed(METHOD), calls(METHOD)) },
        { name: 'p50', unit: 's', expr: quantile(0.5, CALLS, METHOD) },
        { name: 'p99', unit: 's', expr: quantile(0.99, CALLS, METHOD) },
      ],
    }),
    graph({
      title: 'Rate by operation',
      description: 'Calls per second.',
      unit: 'reqps',
      queries: [{ expr: calls(METHOD), legend: method }],
    }),
    graph({
      title: 'Errors by operation',
      description: 'By the code of the fault.',
      unit: 'reqps',
      queries: [{ expr: failed(`${METHOD}, error_type`), legend: `${method}: {{error_type}}` }],
    }),
    graph({
      title: 'p99 by operation',
      description: 'From the arrival of the call until its answer is written.',
      unit: 's',
      queries: [{ expr: quantile(0.99, CALLS, METHOD), legend: method }],
      exemplars: true,
    }),
  ],
};

const work: Section = {
  title: 'Work under way',
  panels: [
    graph({
      title: 'Running and waiting',
      description: 'Calls whose handler runs, and calls that wait for one.',
      unit: 'short',
      queries: [
        {
          expr: sumBy('process, state', `facet_service_requests{${CHOSEN}}`),
          legend: '{{process}}: {{state}}',
        },
      ],
    }),
    graph({
      title: 'Queue, p99',
      description: 'How long calls wait until their handler begins.',
      unit: 's',
      queries: [{ expr: quantile(0.99, 'facet_service_queue_seconds', 'process'), legend: '{{process}}' }],
    }),
    graph({
      title: 'Connections of gateways',
      description: 'Open connections from gateways.',
      unit: 'short',
      queries: [{ expr: sumBy('process', `facet_service_connections{${CHOSEN}}`), legend: '{{process}}' }],
    }),
    graph({
      title: 'Commands',
      description: 'Commands with an idempotency key: done, or answered again (repeated).',
      unit: 'ops',
      width: 24,
      queries: [
        {
          expr: sumBy('rpc_method, outcome', rate('facet_commands_total')),
          legend: `${method}: {{outcome}}`,
        },
      ],
    }),
  ],
};

const QUERIES = 'db_client_operation_duration_seconds';
const database: Section = {
  title: 'Database',
  panels: [
    graph({
      title: 'Queries',
      description: 'Per second, by what they do.',
      unit: 'ops',
      queries: [
        {
          expr: sumBy('process, db_operation_name', rate(`${QUERIES}_count`)),
          legend: '{{process}}: {{db_operation_name}}',
        },
      ],
    }),
    graph({
      title: 'Queries, p99',
      description: 'From sending a query until its rows are there.',
      unit: 's',
      queries: [
        {
          expr: quantile(0.99, QUERIES, 'process, db_operation_name'),
          legend: '{{process}}: {{db_operation_name}}',
        },
      ],
    }),
    graph({
      title: 'Failed queries',
      description: 'Per second, by the code of PostgreSQL or of the connection.',
      unit: 'ops',
      queries: [
        {
          expr: `${sumBy('process, error_type', rate(`${QUERIES}_count`, `${CHOSEN}, error_type!=""`))} or 0 * ${sumBy('process', rate(`${QUERIES}_count`))}`,
          legend: '{{process}} {{error_type}}',
        },
      ],
    }),
    graph({
      title: 'Connections of the pool',
      description: 'used and idle, and the most that the pool may open.',
      unit: 'short',
      queries: [
        {
          expr: sumBy('process, state', `db_client_connection_count{${CHOSEN}}`),
          legend: '{{process}}: {{state}}',
        },
        { expr: sumBy('process', `db_client_connection_max{${CHOSEN}}`), legend: '{{process}}: most' },
      ],
    }),
    graph({
      title: 'Queries that wait for a connection',
      description: 'At the moment.',
      unit: 'short',
      queries: [
        {
          expr: sumBy('process', `db_client_connection_pending_requests{${CHOSEN}}`),
          legend: '{{process}}',
        },
      ],
    }),
    graph({
      title: 'Wait for a connection, p99',
      description: 'How long queries wait until the pool has a connection for them.',
      unit: 's',
      queries: [
        { expr: quantile(0.99, 'db_client_connection_wait_time_seconds', 'process'), legend: '{{process}}' },
      ],
    }),
  ],
};

/** What services do: calls first, then what they wait for. */
export function services(): Dashboard {
  return dashboardOf({
    uid: 'facet-services',
    title: 'Facet: services',
    description: 'Calls of each service, its queue, its commands and its database.',
    variables: [{ name: 'process', label: 'Service', query: `label_values(${CALLS}_count, process)` }],
    sections: [overview, operations, work, database],
  });
}
