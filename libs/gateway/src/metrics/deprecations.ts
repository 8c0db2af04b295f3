import { Counter, type CounterSeries } from '@facet/platform';
import type { Registry } from 'prom-client';
import type { RequestContext } from '../request/context.js';
import { deprecationsOf } from '../routes/deprecations.js';
import type { Route } from '../routes/route.js';

/** Who calls without a credential. */
const VISITOR = 'visitor';

/** What is refused before its route answers says nothing of who uses it. */
const REFUSED: ReadonlySet<number> = new Set([401, 403, 429]);

/**
 * Who calls what is deprecated, by client: `field` is empty for a route, else `query q`, `body note` or `answer items.brand`. A
 * field of an answer is counted wherever it is sent, as nobody sees whether it is read. Clients are those that an issuer or a
 * key proves; a metric has 2,000 series at most. The series of visitors are made at boot, and tell since when callers are
 * counted.
 */
export class DeprecationMetrics {
  readonly #calls: Counter;
  readonly #routes = new Set<Route>();

  constructor(registry: Registry, routes: readonly Route[]) {
    this.#calls = new Counter(
      {
        name: 'facet_deprecated_requests_total',
        help: 'Requests for what is deprecated, by client',
        labels: ['http_request_method', 'http_route', 'field', 'client'],
      },
      registry,
    );
    for (const route of routes) {
      const { isRoute, inputs, answers } = deprecationsOf(route);
      const fields = [...(isRoute ? [''] : []), ...[...inputs, ...answers].map(({ field }) => field)];
      if (fields.length === 0) continue;
      this.#routes.add(route);
      for (const field of fields) this.#series(route, field, VISITOR);
    }
  }

  finished(route: Route, request: RequestContext, status: number): void {
    if (!this.#routes.has(route) || REFUSED.has(status)) return;
    const client = request.caller?.client ?? VISITOR;
    const { isRoute, inputs, answers } = deprecationsOf(route);
    if (isRoute) this.#series(route, '', client).inc();
    for (const { field, isSent } of inputs) if (isSent(request)) this.#series(route, field, client).inc();
    if (status < 400) for (const { field } of answers) this.#series(route, field, client).inc();
  }

  #series({ method, path }: Route, field: string, client: string): CounterSeries {
    return this.#calls.with(method, path, field, client);
  }
}
