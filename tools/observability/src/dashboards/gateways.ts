import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboardOf, type Section } from './dashboard.js';
import { graph, stat, table } from './panels.js';
import { CHOSEN, quantile, rate, shareOf, sumBy } from './queries.js';
import { cache, limits } from './limits.js';
import { upstreams } from './upstreams.js';

const REQUESTS = 'http_server_request_duration_seconds';
/** Of the chosen gateways and routes. */
const ROUTES = `${CHOSEN}, http_route=~"$route"`;
const FAILED = `${ROUTES}, http_response_status_code=~"5.."`;
const ANSWERED = `${ROUTES}, http_response_status_code=~"2.."`;
const ROUTE = 'http_request_method, http_route';
const route = '{{http_request_method}} {{http_route}}';

const requests = (labels: string, selector = ROUTES) => sumBy(labels, rate(`${REQUESTS}_count`, selector));
const degraded = (labels: string) => sumBy(labels, rate('facet_http_degraded_answers_total', ROUTES));

const overview: Section = {
  title: 'Now',
  panels: [
    stat({
      title: 'Requests',
      description: 'Requests per second.',
      unit: 'reqps',
      expr: requests(''),
    }),
    stat({
      title: 'Errors',
      description: 'The share of requests that end in a 5xx.',
      unit: 'percentunit',
      expr: shareOf(requests('', FAILED), requests('')),
      limits: [0.001, 0.01],
    }),
    stat({
      title: 'p99',
      description: '99% of the requests take at most this long.',
      unit: 's',
      expr: quantile(0.99, REQUESTS, '', ROUTES),
    }),
    stat({
      title: 'Degraded',
      description: 'The share of answers without some of their parts. "Parts without an answer" says which.',
      unit: 'percentunit',
      expr: shareOf(degraded(''), requests('', ANSWERED)),
      limits: [0.001, 0.01],
    }),
    stat({
      title: 'Event loop',
      description: 'The share of the time in which the event loop is busy, of the busiest instance.',
      unit: 'percentunit',
      expr: `max(nodejs_eventloop_utilization_ratio{${CHOSEN}})`,
      limits: [0.7, 0.9],
    }),
    stat({
      title: 'Turned away',
      description: 'Requests per second that get a 503 because more is asked than the gateway can do.',
      unit: 'reqps',
      expr: sumBy('', rate('facet_shed_requests_total')),
      limits: [0.1, 1],
    }),
  ],
};

const routes: Section = {
  title: 'Routes: rate, errors, duration',
  panels: [
    table({
      title: 'Routes',
      description: 'Each route of the chosen gateways. A click on a heading sorts.',
      rows: { process: 'Gateway', http_request_method: 'Method', http_route: 'Route' },
      columns: [
        { name: 'Requests', unit: 'reqps', expr: requests(`process, ${ROUTE}`) },
        {
          ...{ name: 'Errors', unit: 'percentunit', limits: [0.001, 0.01] },
          expr: shareOf(requests(`process, ${ROUTE}`, FAILED), requests(`process, ${ROUTE}`)),
        },
        { name: 'p50', unit: 's', expr: quantile(0.5, REQUESTS, `process, ${ROUTE}`, ROUTES) },
        { name: 'p99', unit: 's', expr: quantile(0.99, REQUESTS, `process, ${ROUTE}`, ROUTES) },
        {
          ...{ name: 'Degraded', unit: 'percentunit', limits: [0.001, 0.01] },
          expr: shareOf(degraded(`process, ${ROUTE}`), requests(`process, ${ROUTE}`, ANSWERED)),
        },
      ],
    }),
    graph({
      title: 'Rate by route',
      description: 'Requests per second.',
      unit: 'reqps',
      queries: [{ expr: requests(ROUTE), legend: route }],
    }),
    graph({
      title: 'Errors by route',
      description: 'The share of requests that end in a 5xx.',
      unit: 'percentunit',
      queries: [{ expr: shareOf(requests(ROUTE, FAILED), requests(ROUTE)), legend: route }],
    }),
    graph({
      title: 'p99 by route',
      description: 'Points are requests that were traced, with their trace id.',
      unit: 's',
      queries: [{ expr: quantile(0.99, REQUESTS, ROUTE, ROUTES), legend: route }],
      exemplars: true,
    }),
    graph({
      title: 'Active requests',
      description: 'Requests that each gateway is answering at the moment of a scrape.',
      unit: 'short',
      queries: [{ expr: sumBy('process', `http_server_active_requests{${CHOSEN}}`), legend: '{{process}}' }],
    }),
    graph({
      title: 'Answers by status',
      description:
        'All answers, refusals too: 401 and 403 are callers without rights, 429 are over their plan.',
      unit: 'reqps',
      stacked: true,
      queries: [{ expr: requests('http_response_status_code'), legend: '{{http_response_status_code}}' }],
    }),
    graph({
      title: 'Duration of all requests',
      description: 'Half of the requests, 95% and 99% of them take at most this long.',
      unit: 's',
      queries: [0.5, 0.95, 0.99].map((share) => ({
        expr: quantile(share, REQUESTS, '', ROUTES),
        legend: `p${share * 100}`,
      })),
    }),
  ],
};

const PARTS = 'facet_aggregation_parts_total';
const parts: Section = {
  title: 'Parts of answers',
  panels: [
    graph({
      title: 'Degraded answers by route',
      description: 'Successful answers per second without some of their parts.',
      unit: 'reqps',
      queries: [{ expr: degraded(ROUTE), legend: route }],
    }),
    graph({
      title: 'Parts without an answer',
      description:
        'A default stands in (default), or nothing does (missing). The service of the part is to be looked at.',
      unit: 'ops',
      queries: [
        {
          expr: sumBy('aggregation, part, status', rate(PARTS, `${CHOSEN}, status=~"default|missing"`)),
          legend: '{{aggregation}} {{part}}: {{status}}',
        },
      ],
    }),
    graph({
      title: 'p95 by part',
      description: 'Of parts that asked a service or the cache.',
      unit: 's',
      queries: [
        {
          expr: quantile(0.95, 'facet_aggregation_part_duration_seconds', 'aggregation, part'),
          legend: '{{aggregation}} {{part}}',
        },
      ],
    }),
    graph({
      title: 'What became of parts',
      description: 'fresh, cached and stale are answers; skipped parts had nothing to ask.',
      unit: 'ops',
      stacked: true,
      width: 24,
      queries: [{ expr: sumBy('status', rate(PARTS)), legend: '{{status}}' }],
    }),
  ],
};

/** Requests as clients see them first, then what they are made from, then what limits them. */
export function gateways(): Dashboard {
  return dashboardOf({
    uid: 'facet-gateways',
    title: 'Facet: gateways',
    description: 'Requests, parts of answers, services as gateways see them, limits and the cache.',
    variables: [
      { name: 'process', label: 'Gateway', query: `label_values(${REQUESTS}_count, process)` },
      {
        ...{ name: 'route', label: 'Route' },
        query: `label_values(${REQUESTS}_count{process=~"$process"}, http_route)`,
      },
    ],
    sections: [overview, routes, parts, upstreams, limits, cache],
  });
}
