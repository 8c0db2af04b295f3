import { Counter, Gauge, type CounterSeries } from '@facet/platform';
import type { Registry } from 'prom-client';
import { LATENCY_SHARE, type Objectives } from '../routes/objectives.js';
import type { Route } from '../routes/route.js';

/** How a request of a route with objectives ended. */
export interface ObjectiveEvent {
  readonly status: number;
  readonly tookMs: number;
  /** Whether the answer is without a part. */
  readonly isDegraded: boolean;
}

const OBJECTIVES = ['availability', 'latency', 'complete'] as const;
type Objective = (typeof OBJECTIVES)[number];

const labels = ['http_request_method', 'http_route', 'objective'];

/** The events of one objective of one route, and those that missed it. */
interface Count {
  readonly events: CounterSeries;
  readonly bad: CounterSeries;
}

/**
 * Counts, for each route with objectives, the requests that an objective is about and those that missed it. Alerts and panels
 * are made from these counters and from the objectives themselves, which are metrics too: Prometheus needs no list of routes.
 */
export class ObjectiveMetrics {
  readonly #routes = new Map<Route, RouteCounts>();

  constructor(registry: Registry, routes: readonly Route[]) {
    const watched = routes.filter(({ slo }) => slo !== undefined);
    if (watched.length === 0) return;
    const counter = (name: string, help: string) => new Counter({ name, help, labels }, registry);
    const events = counter('facet_slo_events_total', 'Requests that an objective is about');
    const bad = counter('facet_slo_bad_events_total', 'Requests that missed an objective');
    for (const route of watched) {
      const of = (objective: Objective): Count | undefined => {
        if (!isDeclared(objective, route.slo ?? {})) return undefined;
        const values = [route.method, route.path, objective];
        return { events: events.with(...values), bad: bad.with(...values) };
      };
      this.#routes.set(route, new RouteCounts(route.slo?.latencyMs ?? Infinity, of));
    }
    stateObjectives(registry, watched);
  }

  /** Counts a finished request of a route that has objectives. */
  count(route: Route, event: ObjectiveEvent): void {
    this.#routes.get(route)?.count(event);
  }
}

const CLIENT_LEFT = 499;

class RouteCounts {
  readonly #availability: Count | undefined;
  readonly #latency: Count | undefined;
  readonly #complete: Count | undefined;

  constructor(
    private readonly latencyMs: number,
    of: (objective: Objective) => Count | undefined,
  ) {
    this.#availability = of('availability');
    this.#latency = of('latency');
    this.#complete = of('complete');
  }

  /**
   * What the client was refused with counts for availability alone: a refusal is quick, and has no parts. A client that left
   * before its answer counts for nothing.
   */
  count({ status, tookMs, isDegraded }: ObjectiveEvent): void {
    if (status === CLIENT_LEFT) return;
    countOne(this.#availability, status >= 500);
    if (status >= 400) return;
    countOne(this.#latency, tookMs > this.latencyMs);
    countOne(this.#complete, isDegraded);
  }
}

function countOne(count: Count | undefined, isBad: boolean): void {
  count?.events.inc();
  if (isBad) count?.bad.inc();
}

/** The objectives themselves. */
function stateObjectives(registry: Registry, routes: readonly Route[]): void {
  const all = routes.flatMap(({ method, path, slo = {} }) =>
    OBJECTIVES.filter((each) => isDeclared(each, slo)).map((objective) => ({
      objective,
      slo,
      values: [method, path, objective] as const,
    })),
  );
  new Gauge(
    {
      name: 'facet_slo_objective_ratio',
      help: 'The share of events that are to be good over 30 days',
      labels,
    },
    () => all.map(({ objective, slo, values }) => [shareOf(objective, slo), ...values]),
    registry,
  );
  const timed = all.filter(({ objective }) => objective === 'latency');
  new Gauge(
    { name: 'facet_slo_latency_threshold_seconds', help: 'How long an answer may take', labels },
    () => timed.map(({ slo, values }) => [(slo.latencyMs ?? 0) / 1_000, ...values]),
    registry,
  );
}

function isDeclared(objective: Objective, objectives: Objectives): boolean {
  return objectives[objective === 'latency' ? 'latencyMs' : objective] !== undefined;
}

function shareOf(objective: Objective, objectives: Objectives): number {
  if (objective === 'latency') return LATENCY_SHARE;
  return Number(((objectives[objective] ?? 0) / 100).toFixed(7));
}
