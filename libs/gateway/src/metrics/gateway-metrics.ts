import type { AuditEvent } from '@facet/access';
import { compile } from '@facet/aggregation';
import { Counter, createMetrics, Gauge } from '@facet/platform';
import type { Meter, Upstreams } from '@facet/routing';
import type { Registry } from 'prom-client';
import type { Ending } from '../request/ending.js';
import type { RequestContext } from '../request/context.js';
import type { Route } from '../routes/route.js';
import { DeprecationMetrics } from './deprecations.js';
import { HttpMetrics } from './http.js';
import { ObjectiveMetrics } from './objectives.js';
import { PartMetrics } from './parts.js';
import { upstreamMeter, watchUpstreams } from './upstreams.js';

/** How a request with an `Idempotency-Key` ended: it was done, or its answer given again, or it was refused. */
export type IdempotencyOutcome = 'new' | 'done' | 'running' | 'other';

/** What a gateway counts. Series are made at boot wherever their labels are known then; a request only adds numbers. */
export class GatewayMetrics {
  readonly registry: Registry;
  readonly meter: Meter;
  readonly #parts: PartMetrics;
  readonly #sagas: Counter;
  readonly #limited: Counter;
  readonly #waits: Counter;
  readonly #shed: Counter;
  readonly #idempotency: Counter;
  readonly #audited: Counter;
  #http: HttpMetrics | undefined;
  #objectives: ObjectiveMetrics | undefined;
  #deprecations: DeprecationMetrics | undefined;

  constructor(name: string) {
    const registry = createMetrics(name);
    const counter = (metric: string, help: string, ...labels: string[]) =>
      new Counter({ name: metric, help, labels }, registry);
    this.registry = registry;
    this.meter = upstreamMeter(registry);
    this.#parts = new PartMetrics(registry);
    this.#sagas = counter('facet_sagas_total', 'Sagas by how they ended', 'saga', 'outcome');
    this.#limited = counter(
      'facet_plan_refusals_total',
      'Requests that a plan has refused',
      'plan',
      'window',
    );
    this.#waits = counter(
      'facet_plan_waits_total',
      'Counts of plans that had to wait for what instances share',
    );
    this.#shed = counter(
      'facet_shed_requests_total',
      'Requests turned away because too much was asked',
      'criticality',
    );
    this.#idempotency = counter(
      'facet_idempotency_requests_total',
      'Requests with an Idempotency-Key: new, done (answered again), running (refused), other (the key was used for another)',
      'outcome',
    );
    this.#audited = counter(
      'facet_audit_events_total',
      'What happened to the rights of callers: sign-ins, sessions, refused access',
      'type',
      'outcome',
    );
    this.#waits.with();
    for (const each of ['low', 'normal', 'high']) this.#shed.with(each);
    for (const each of ['new', 'done', 'running', 'other']) this.#idempotency.with(each);
    for (const outcome of ['success', 'failure']) this.#audited.with('sign-in', outcome);
    this.#audited.with('access', 'denied');
  }

  /** Makes the series of the routes, before the first request. */
  watchRoutes(routes: readonly Route[]): void {
    this.#http = new HttpMetrics(this.registry, routes);
    this.#objectives = new ObjectiveMetrics(this.registry, routes);
    this.#deprecations = new DeprecationMetrics(this.registry, routes);
    for (const { target } of routes) {
      if (target.kind === 'aggregation') this.#parts.bind(compile(target.aggregation));
      if (target.kind === 'saga') {
        for (const outcome of ['done', 'undone', 'unresolved']) this.#sagas.with(target.saga.name, outcome);
      }
    }
  }

  /** Reads how many requests are active when somebody scrapes. */
  watchRequests(requests: { readonly active: number }): void {
    new Gauge(
      { name: 'http_server_active_requests', help: 'Requests that are being answered' },
      () => [[requests.active]],
      this.registry,
    );
  }

  watchUpstreams(upstreams: Upstreams): void {
    watchUpstreams(upstreams, this.registry);
  }

  /** Makes the series of a plan's windows, so that its first refusal is seen as an increase. */
  watchPlan(plan: string, windows: readonly string[]): void {
    for (const window of windows) this.#limited.with(plan, window);
  }

  /** One request is over. */
  finished(request: RequestContext, ending: Ending): void {
    const { run, route } = request;
    const isDegraded = run?.isDegraded === true;
    this.#http?.finished(request, ending, isDegraded);
    if (route?.slo !== undefined) this.#objectives?.count(route, { ...ending, isDegraded });
    if (route !== undefined) this.#deprecations?.finished(route, request, ending.status);
    if (run !== undefined) this.#parts.finished(run);
  }

  /** A saga has ended; `unresolved` where it left something behind. */
  performed(saga: string, outcome: 'done' | 'undone' | 'unresolved'): void {
    this.#sagas.with(saga, outcome).inc();
  }

  /** A plan has refused a request. */
  limited(plan: string, window: string): void {
    this.#limited.with(plan, window).inc();
  }

  /** A count had to wait for what instances share. */
  waitedForPlan(): void {
    this.#waits.with().inc();
  }

  /** A request was turned away because too much is asked. */
  shed(criticality: string): void {
    this.#shed.with(criticality).inc();
  }

  idempotent(outcome: IdempotencyOutcome): void {
    this.#idempotency.with(outcome).inc();
  }

  audited({ type, outcome }: AuditEvent): void {
    this.#audited.with(type, outcome).inc();
  }
}
