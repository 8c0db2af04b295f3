import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboardOf, type Section } from './dashboard.js';
import { graph, table } from './panels.js';
import { CHOSEN, rate, sumBy } from './queries.js';

const INSTANCE = 'process, instance';
const legend = '{{process}} {{instance}}';
const now = (metric: string, labels = INSTANCE, selector = CHOSEN) => sumBy(labels, `${metric}{${selector}}`);
const lines = (metric: string, name: string) => ({ expr: now(metric), legend: `${legend}: ${name}` });

const instances: Section = {
  title: 'Instances',
  panels: [
    table({
      title: 'Instances',
      description: 'Every process that is scraped.',
      rows: { process: 'App', instance: 'Instance', version: 'Node' },
      columns: [
        {
          ...{ name: 'Started', unit: 'dateTimeAsIso' },
          expr: `1000 * max by (${INSTANCE}) (process_start_time_seconds{${CHOSEN}})`,
        },
        { name: 'CPU', unit: 'percentunit', expr: sumBy(INSTANCE, rate('process_cpu_seconds_total')) },
        { name: 'Memory', unit: 'bytes', expr: now('process_resident_memory_bytes') },
        {
          ...{ name: 'Event loop', unit: 'percentunit', limits: [0.7, 0.9] },
          expr: `max by (${INSTANCE}) (nodejs_eventloop_utilization_ratio{${CHOSEN}})`,
        },
        {
          name: 'Version',
          unit: 'short',
          expr: `max by (${INSTANCE}, version) (nodejs_version_info{${CHOSEN}})`,
        },
      ],
    }),
  ],
};

const cpu: Section = {
  title: 'CPU and event loop',
  panels: [
    graph({
      title: 'CPU',
      description: '100% is one core.',
      unit: 'percentunit',
      queries: [
        { expr: sumBy(INSTANCE, rate('process_cpu_user_seconds_total')), legend: `${legend}: user` },
        { expr: sumBy(INSTANCE, rate('process_cpu_system_seconds_total')), legend: `${legend}: system` },
      ],
    }),
    graph({
      title: 'Event loop utilization',
      description: 'The share of the time in which the event loop was busy. Above 90% requests wait for it.',
      unit: 'percentunit',
      queries: [{ expr: now('nodejs_eventloop_utilization_ratio'), legend }],
    }),
    graph({
      title: 'Event loop lag',
      description: 'How late timers fire, at the moment of the scrape and at most since the one before.',
      unit: 's',
      queries: [
        lines('nodejs_eventloop_lag_seconds', 'now'),
        lines('nodejs_eventloop_lag_max_seconds', 'max'),
      ],
    }),
    graph({
      title: 'Distribution of the event loop lag',
      description: 'Since the scrape before.',
      unit: 's',
      width: 16,
      queries: ['min', 'mean', 'stddev', 'p50', 'p90', 'p99'].map((each) =>
        lines(`nodejs_eventloop_lag_${each}_seconds`, each),
      ),
    }),
    graph({
      title: 'Garbage collection',
      description: 'The share of the time, by kind.',
      unit: 'percentunit',
      queries: [
        {
          expr: sumBy('process, kind', rate('nodejs_gc_duration_seconds_sum')),
          legend: '{{process}}: {{kind}}',
        },
      ],
    }),
  ],
};

const memory: Section = {
  title: 'Memory',
  panels: [
    graph({
      title: 'Resident memory',
      description: 'What the process occupies.',
      unit: 'bytes',
      queries: [{ expr: now('process_resident_memory_bytes'), legend }],
    }),
    graph({
      title: 'Heap',
      description: 'Used of what V8 has reserved. A line that only rises over hours is a leak.',
      unit: 'bytes',
      queries: [
        lines('nodejs_heap_size_used_bytes', 'used'),
        lines('nodejs_heap_size_total_bytes', 'reserved'),
        lines('nodejs_external_memory_bytes', 'outside of the heap'),
      ],
    }),
    graph({
      title: 'Virtual memory and data segment',
      description: 'As the system counts them.',
      unit: 'bytes',
      queries: [lines('process_virtual_memory_bytes', 'virtual'), lines('process_heap_bytes', 'data')],
    }),
    graph({
      title: 'Spaces of the heap',
      description: 'used: live objects; available: free; size: reserved.',
      unit: 'bytes',
      width: 24,
      queries: ['used', 'available', 'total'].map((each) => ({
        expr: now(`nodejs_heap_space_size_${each}_bytes`, 'process, space'),
        legend: `{{process}} {{space}}: ${each}`,
      })),
    }),
  ],
};

const resources: Section = {
  title: 'Files, sockets, timers',
  panels: [
    graph({
      title: 'Open files',
      description: 'Sockets too, and the most that the process may open.',
      unit: 'short',
      queries: [lines('process_open_fds', 'open'), lines('process_max_fds', 'most')],
    }),
    graph({
      title: 'Active resources by type',
      description: 'What keeps the process alive: sockets, timers, requests to the system.',
      unit: 'short',
      queries: [
        { expr: now('nodejs_active_resources', 'process, type'), legend: '{{process}}: {{type}}' },
        { expr: now('nodejs_active_handles', 'process, type'), legend: '{{process}}: {{type}} (handle)' },
        {
          // It has a series only while there are some.
          expr: `${now('nodejs_active_requests', 'process, type')} or 0 * ${now('nodejs_active_requests_total', 'process')}`,
          legend: '{{process}}: {{type}} (request)',
        },
      ],
    }),
    graph({
      title: 'Active resources',
      description: 'All of them. A line that only rises is a leak.',
      unit: 'short',
      queries: [
        lines('nodejs_active_resources_total', 'resources'),
        lines('nodejs_active_handles_total', 'handles'),
        lines('nodejs_active_requests_total', 'requests'),
      ],
    }),
  ],
};

/** What every process has, whatever it does. */
export function processes(): Dashboard {
  return dashboardOf({
    uid: 'facet-processes',
    title: 'Facet: processes',
    description: 'CPU, event loop, memory and open resources of every gateway and service.',
    variables: [
      { name: 'process', label: 'App', query: 'label_values(nodejs_eventloop_utilization_ratio, process)' },
    ],
    sections: [instances, cpu, memory, resources],
  });
}
