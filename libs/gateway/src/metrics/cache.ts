import { Counter, Gauge, type CounterSeries } from '@facet/platform';
import type { Decision } from '../cache/store/answer-cache.js';
import type { Registry } from 'prom-client';

export interface CacheMetrics {
  /** What became of an entry that was asked for; `operation` is its pattern. */
  readonly decided: (operation: string, decision: Decision) => void;
  /** A cached entry was dropped, since it is not true any more. */
  readonly invalidated: (operation: string) => void;
  watch(size: () => { readonly bytes: number; readonly entries: number }): void;
}

export function createCacheMetrics(registry: Registry): CacheMetrics {
  const answers = new Counter(
    {
      name: 'facet_cache_answers_total',
      help: 'Answers of services, of queries by ids each item, by where they came from',
      labels: ['rpc_method', 'decision'],
    },
    registry,
  );
  const invalidations = new Counter(
    {
      name: 'facet_cache_invalidations_total',
      help: 'Cached answers that a change has made void',
      labels: ['rpc_method'],
    },
    registry,
  );
  const known = new Map<string, Map<Decision, CounterSeries>>();
  return {
    decided: (operation, decision) => {
      let byDecision = known.get(operation);
      if (byDecision === undefined) {
        known.set(operation, (byDecision = new Map<Decision, CounterSeries>()));
        // With 0, so that its first increase is seen as one.
        invalidations.with(operation);
      }
      let series = byDecision.get(decision);
      if (series === undefined) byDecision.set(decision, (series = answers.with(operation, decision)));
      series.inc();
    },
    invalidated: (operation) => invalidations.with(operation).inc(),
    watch: (size) => {
      const help = { bytes: 'Size of the cached answers, in bytes', entries: 'How many answers are cached' };
      for (const unit of ['bytes', 'entries'] as const) {
        new Gauge({ name: `facet_cache_${unit}`, help: help[unit] }, () => [[size()[unit]]], registry);
      }
    },
  };
}
