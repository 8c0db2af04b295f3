import { expect, test } from '@jest/globals';
import { givenPrometheus } from './support/given.js';
import { promtool, STEP, unexpected, type Series } from './support/promtool.js';

/** The minutes before the fault: no alert sees only the fault. */
const DAY = 24 * 60;
const HEALTHY = 3 * DAY;

interface Fault {
  /** So many requests of 1,000 are bad during the fault. */
  readonly bad: number;
  /** Minutes of health before, of the fault, and of health after it. */
  readonly healthy?: number;
  readonly minutes: number;
  readonly healed?: number;
  readonly objective?: string;
  readonly promised?: number;
}

/** The series of a route that has 1,000 requests in each step. */
function routeWith({
  bad,
  healthy = HEALTHY,
  minutes,
  healed = 0,
  objective = 'availability',
  promised = 0.999,
}: Fault): Series {
  const labels = `{job="facet-gateways", process="mobile-bff", instance="a:1", http_request_method="GET", http_route="/v1/home", objective="${objective}"}`;
  const [before, during, afterwards] = [healthy, minutes, healed].map((each) => each / STEP) as [
    number,
    number,
    number,
  ];
  const total = before + during + afterwards;
  return {
    [`facet_slo_objective_ratio${labels}`]: `${promised}x${total}`,
    [`facet_slo_events_total${labels}`]: `0+1000x${total}`,
    [`facet_slo_bad_events_total${labels}`]: `0x${before - 1} 0+${bad}x${during} ${bad * during}x${afterwards}`,
  };
}

/** The alerts that fire so many minutes after the fault began. */
const after = (minutes: number, firing: readonly string[] = [], healthy = HEALTHY) => ({
  at: `${(healthy + minutes) * 60}s`,
  firing,
});

givenPrometheus('the files of deploy/observability', () => {
  test.each(['prometheus.yml', 'prometheus.dns.yml'])('promtool finds nothing wrong with %s', (file) => {
    const { ok, text } = promtool('check', 'config', file);
    expect({ ok, text }).toEqual({ ok: true, text });
  });
});

const FAST = ['FacetBudgetBurnsFast availability'];

givenPrometheus('an objective of 99.9%', () => {
  test('pages within 45 minutes where 2% fail, no earlier than the budget says, and ends its page with the fault', () => {
    const expected = [after(-5), after(40), after(45, FAST), after(50, FAST), after(57.5)];
    expect(unexpected(routeWith({ bad: 20, minutes: 50, healed: 10 }), expected)).toBe('');
  });

  test('fires all its alerts at once where everything fails', () => {
    const healthy = DAY;
    const all = ['FacetBudgetBurnsFast', 'FacetBudgetBurns', 'FacetBudgetBurnsSlowly'];
    const firing = all.map((each) => `${each} availability`);
    const expected = [after(0, [], healthy), after(2.5, firing, healthy)];
    expect(unexpected(routeWith({ bad: 1_000, healthy, minutes: 5 }), expected)).toBe('');
  });

  test('pages within six hours, by its second alert alone, where 0.7% fail', () => {
    const expected = [after(300), after(315, ['FacetBudgetBurns availability'])];
    expect(unexpected(routeWith({ bad: 7, minutes: 320 }), expected)).toBe('');
  });

  test('becomes a ticket within three days, and no page, where 0.2% fail', () => {
    const expected = [after(2_140), after(2_180, ['FacetBudgetBurnsSlowly availability'])];
    expect(unexpected(routeWith({ bad: 2, minutes: 2_200 }), expected)).toBe('');
  });

  test('is silent where half of what it allows fails', () => {
    const expected = [after(60), after(DAY)];
    expect(unexpected(routeWith({ bad: 0.5, healthy: DAY, minutes: DAY }), expected)).toBe('');
  });

  test('is silent for a route that nobody asks for', () => {
    const labels =
      '{job="g", process="p", http_request_method="GET", http_route="/", objective="availability"}';
    const series = {
      [`facet_slo_objective_ratio${labels}`]: '0.999x100',
      [`facet_slo_events_total${labels}`]: '0x100',
      [`facet_slo_bad_events_total${labels}`]: '0x100',
    };
    expect(unexpected(series, [{ at: '200m', firing: [] }])).toBe('');
  });
});

givenPrometheus('objectives of one route', () => {
  test('alert each for itself, and count all instances of a gateway together', () => {
    const healthy = DAY;
    const common = { healthy, promised: 0.99, minutes: 60 };
    const one = routeWith({ ...common, bad: 400, objective: 'latency' });
    const series = {
      ...routeWith({ ...common, bad: 0, objective: 'complete' }),
      ...one,
      ...otherInstance(routeWith({ ...common, bad: 0, objective: 'latency' })),
    };
    // Of both instances together 20% are slow: 20 times what is allowed. Of one alone it would be 40 times.
    const expected = [after(35, [], healthy), after(47.5, ['FacetBudgetBurnsFast latency'], healthy)];
    expect(unexpected(series, expected)).toBe('');
  });
});

const otherInstance = (series: Series): Series =>
  Object.fromEntries(Object.entries(series).map(([name, values]) => [name.replace('a:1', 'b:1'), values]));

const labelled = (metric: string, more = '') =>
  `${metric}{job="facet-gateways", process="mobile-bff", instance="a:1"${more}}`;

givenPrometheus('alerts on causes', () => {
  test.each<[string, Series, string, string]>([
    [
      'an instance that cannot be scraped for a minute',
      { [labelled('up')]: '1x4 0x6' },
      '15m',
      'FacetInstanceDown',
    ],
    [
      'a service of which no known instance can be called for a minute',
      {
        [labelled('facet_upstream_instances', ', rpc_service="catalog", state="ready"')]: '1x4 0x6',
        [labelled('facet_upstream_instances', ', rpc_service="catalog", state="refused"')]: '0x4 1x6',
      },
      '15m',
      'FacetServiceUnreachable',
    ],
    [
      'a breaker that is open for two minutes',
      { [labelled('facet_upstream_breakers', ', rpc_service="catalog", state="open"')]: '0x4 2x6' },
      '15m',
      'FacetBreakerOpen',
    ],
    [
      'a gateway that turns 2% of its requests away',
      {
        [labelled('facet_shed_requests_total', ', criticality="low"')]: '0x4 0+20x6',
        [labelled('http_server_request_duration_seconds_count')]: '0+1000x10',
      },
      '17m30s',
      'FacetRequestsShed',
    ],
    [
      'an event loop that is busy for five minutes',
      { [labelled('nodejs_eventloop_utilization_ratio')]: '0.5x4 0.97x6' },
      '20m',
      'FacetEventLoopBusy',
    ],
    [
      'queries that have waited for a connection for five minutes',
      { [labelled('db_client_connection_pending_requests')]: '0x4 3x6' },
      '20m',
      'FacetPoolExhausted',
    ],
    [
      'a saga that could not be undone',
      { [labelled('facet_sagas_total', ', saga="checkout", outcome="unresolved"')]: '0x4 1x6' },
      '15m',
      'FacetSagaUnresolved',
    ],
  ])('fire for %s, and not before', (_, series, at, alert) => {
    const expected = [
      { at: '10m', firing: [] },
      { at, firing: [alert] },
    ];
    expect(unexpected(series, expected)).toBe('');
  });

  test('are silent where a tenth of the instances, requests and queries is in trouble for a moment', () => {
    const series = {
      [labelled('up')]: '1x4 0 1x6',
      [labelled('facet_upstream_instances', ', rpc_service="catalog", state="ready"')]: '2x4 1x7',
      [labelled('facet_upstream_breakers', ', rpc_service="catalog", state="open"')]: '0x4 1 0x6',
      [labelled('facet_shed_requests_total', ', criticality="low"')]: '0x4 0+5x6',
      [labelled('http_server_request_duration_seconds_count')]: '0+1000x11',
      [labelled('nodejs_eventloop_utilization_ratio')]: '0.5x4 0.97 0.6x6',
      [labelled('db_client_connection_pending_requests')]: '0x4 3 0x6',
      [labelled('facet_sagas_total', ', saga="checkout", outcome="undone"')]: '0x4 1x6',
    };
    const quiet = ['10m', '12m30s', '15m', '17m30s', '25m'].map((at) => ({ at, firing: [] }));
    expect(unexpected(series, quiet)).toBe('');
  });
});
