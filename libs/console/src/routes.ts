import { describeAggregation } from '@facet/aggregation';
import type { Route } from '@facet/gateway';
import type { PlanView, RouteView } from './view.js';

/** The gateway's routes as the page shows them. */
export function routeViews(routes: readonly Route[]): readonly RouteView[] {
  return routes.map(({ method, path, summary, target }) => ({
    ...{ method, path },
    ...(summary === undefined ? {} : { summary }),
    ...(target.kind === 'aggregation' ? { plan: planOf(target.aggregation) } : {}),
  }));
}

function planOf(aggregation: Parameters<typeof describeAggregation>[0]): PlanView {
  const { name, deadlineMs, parts } = describeAggregation(aggregation);
  return {
    name,
    deadlineMs,
    parts: parts.map((part) => ({
      ...{ name: part.name, kind: part.kind, service: part.service, operation: part.operation },
      ...{ needs: part.needs, hasDefault: part.hasDefault },
      ...(part.timeoutMs === undefined ? {} : { timeoutMs: part.timeoutMs }),
    })),
  };
}
