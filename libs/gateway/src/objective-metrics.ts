import { Counter, Gauge, type Registry } from 'prom-client';
import { LATENCY_SHARE, type Objectives } from './routes/objectives.js';
import type { Route } from './routes/route.js';

/** How a request of a route with objectives ended. */
export interface ObjectiveEvent {
  readonly status: number;
  readonly tookMs: number;
  /** Whether the answer is without a part. */
  readonly isDegraded: boolean;
}

type Objective = 'availability' | 'latency' | 'complete';

/** Counts of one objective of one route, read when metrics are scraped. */
interface Count {
  readonly objective: Objective;
  events: number;
  bad: number;
}

const labelNames = ['http_request_method', 'http_route', 'objective'] as const;

/**
 * Counts, for each route with objectives, the requests that an objective is about and those that missed it. Alerts and panels
 * are made from these counters and from the objectives themselves, which are metrics too: Prometheus needs no list of routes.
 */
export class ObjectiveMetrics {
  readonly #routes = new Map<Route, RouteCounts>();

  constructor(registry: Registry, routes: readonly Route[]) {
    for (const route of routes)
      if (route.slo !== undefined) this.#routes.set(route, new RouteCounts(route.slo));
    if (this.#routes.size > 0) this.#register(registry);
  }

  /** Counts a finished request of a route that has objectives. */
  count(route: Route, event: ObjectiveEvent): void {
    this.#routes.get(route)?.count(event);
  }

  #register(registry: Registry): void {
    const metric = { labelNames, registers: [registry] };
    const all = [...this.#routes].flatMap(([{ method, path }, { objectives, counts }]) =>
      counts.map((count) => ({
        labels: { http_request_method: method, http_route: path, objective: count.objective },
        count,
        objectives,
      })),
    );
    const ratio = new Gauge({
      ...{ ...metric, name: 'facet_slo_objective_ratio' },
      help: 'The share of events that are to be good over 30 days',
    });
    const threshold = new Gauge({
      ...{ ...metric, name: 'facet_slo_latency_threshold_seconds' },
      help: 'How long an answer may take',
    });
    for (const { labels, count, objectives } of all) {
      ratio.set(labels, shareOf(count.objective, objectives));
      if (count.objective === 'latency') threshold.set(labels, (objectives.latencyMs ?? 0) / 1_000);
    }
    const counter = (name: string, help: string, read: (count: Count) => number) =>
      new Counter({
        ...{ ...metric, name, help },
        collect() {
          this.reset();
          for (const { labels, count } of all) this.inc(labels, read(count));
        },
      });
    counter('facet_slo_events_total', 'Requests that an objective is about', ({ events }) => events);
    counter('facet_slo_bad_events_total', 'Requests that missed an objective', ({ bad }) => bad);
  }
}

class RouteCounts {
  readonly counts: readonly Count[];
  readonly #availability: Count;
  readonly #latency: Count;
  readonly #complete: Count;
  readonly #latencyMs: number;

  constructor(readonly objectives: Objectives) {
    const count = (objective: Objective): Count => ({ objective, events: 0, bad: 0 });
    this.#availability = count('availability');
    this.#latency = count('latency');
    this.#complete = count('complete');
    this.#latencyMs = objectives.latencyMs ?? Infinity;
    const all = [this.#availability, this.#latency, this.#complete];
    this.counts = all.filter(({ objective }) => isDeclared(objective, objectives));
  }

  /** What the client was refused with counts for availability alone: a refusal is quick, and has no parts. */
  count({ status, tookMs, isDegraded }: ObjectiveEvent): void {
    this.#availability.events += 1;
    if (status >= 500) this.#availability.bad += 1;
    if (status >= 400) return;
    this.#latency.events += 1;
    if (tookMs > this.#latencyMs) this.#latency.bad += 1;
    this.#complete.events += 1;
    if (isDegraded) this.#complete.bad += 1;
  }
}

function isDeclared(objective: Objective, objectives: Objectives): boolean {
  return objectives[objective === 'latency' ? 'latencyMs' : objective] !== undefined;
}

function shareOf(objective: Objective, objectives: Objectives): number {
  if (objective === 'latency') return LATENCY_SHARE;
  return Number(((objectives[objective] ?? 0) / 100).toFixed(7));
}
