import type { Decision } from '@facet/policy';
import { Counter, Gauge, type Registry } from 'prom-client';

export interface CacheMetrics {
  /** What became of an entry that was asked for. */
  readonly decided: (operation: string, decision: Decision) => void;
  /** A cached entry was dropped, since it is not true any more. */
  readonly invalidated: (operation: string) => void;
  watch(size: () => { readonly bytes: number; readonly entries: number }): void;
}

export function createCacheMetrics(registry: Registry): CacheMetrics {
  const registers = [registry];
  const answers = new Counter({
    name: 'facet_cache_answers_total',
    help: 'Answers of services, of queries by ids each item, by where they came from',
    labelNames: ['operation', 'decision'],
    registers,
  });
  const invalidations = new Counter({
    name: 'facet_cache_invalidations_total',
    help: 'Cached answers that a change has made void',
    labelNames: ['operation'],
    registers,
  });
  return {
    decided: (operation, decision) => answers.inc({ operation, decision }),
    invalidated: (operation) => invalidations.inc({ operation }),
    watch: (size) => {
      const help = { bytes: 'Size of the cached answers, in bytes', entries: 'How many answers are cached' };
      for (const unit of ['bytes', 'entries'] as const) {
        const collect = (gauge: Gauge) => gauge.set(size()[unit]);
        new Gauge({
          name: `facet_cache_${unit}`,
          help: help[unit],
          registers,
          collect() {
            collect(this);
          },
        });
      }
    },
  };
}
