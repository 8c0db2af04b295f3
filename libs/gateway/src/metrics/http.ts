import { Counter, Histogram, type CounterSeries, type HistogramSeries } from '@facet/platform';
import type { Registry } from 'prom-client';
import type { Ending } from '../request/ending.js';
import type { RequestContext } from '../request/context.js';
import type { Route } from '../routes/route.js';

/** The methods that OpenTelemetry's HTTP conventions know; any other is `_OTHER`. */
const METHODS = new Set([
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'TRACE',
  'QUERY',
]);

interface RouteSeries {
  readonly byStatus: (HistogramSeries | undefined)[];
  readonly degraded: CounterSeries;
}

/** Requests by method, route (its template, never the address) and status. */
export class HttpMetrics {
  readonly #durations: Histogram;
  readonly #degraded: Counter;
  readonly #routes = new Map<string, Map<string, RouteSeries>>();

  constructor(registry: Registry, routes: readonly Pick<Route, 'method' | 'path'>[]) {
    const labels = ['http_request_method', 'http_route'];
    this.#durations = new Histogram(
      {
        name: 'http_server_request_duration_seconds',
        help: 'Requests by method, route and status',
        labels: [...labels, 'http_response_status_code'],
      },
      registry,
    );
    this.#degraded = new Counter(
      {
        name: 'facet_http_degraded_answers_total',
        help: 'Successful answers without some of their parts',
        labels,
      },
      registry,
    );
    for (const { method, path } of routes) this.#durationOf(this.#seriesOf(method, path), method, path, 200);
  }

  finished(
    { method, routePath, trace }: RequestContext,
    { status, tookMs }: Ending,
    isDegraded: boolean,
  ): void {
    const series = this.#seriesOf(method, routePath);
    const durations = series.byStatus[status] ?? this.#durationOf(series, method, routePath, status);
    durations.observe(tookMs / 1_000, trace.sampled ? trace.traceId : undefined);
    if (isDegraded && status < 300) series.degraded.inc();
  }

  #seriesOf(method: string, route: string): RouteSeries {
    let byMethod = this.#routes.get(route);
    if (byMethod === undefined) this.#routes.set(route, (byMethod = new Map<string, RouteSeries>()));
    let series = byMethod.get(method);
    if (series === undefined) {
      series = { byStatus: [], degraded: this.#degraded.with(nameOf(method), route) };
      byMethod.set(method, series);
    }
    return series;
  }

  #durationOf({ byStatus }: RouteSeries, method: string, route: string, status: number): HistogramSeries {
    const series = this.#durations.with(nameOf(method), route, String(status));
    byStatus[status] = series;
    return series;
  }
}

function nameOf(method: string): string {
  return METHODS.has(method) ? method : '_OTHER';
}
