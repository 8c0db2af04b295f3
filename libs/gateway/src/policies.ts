import type { Logger } from '@facet/platform';
import { IdempotencyKeys } from './idempotency/keys.js';
import { Shedder } from './shedding/shedder.js';
import type { PolicySettings } from './policy.js';
import type { SharedState } from './shared/shared-state.js';
import type { GatewayMetrics } from './metrics/gateway-metrics.js';
import { Idempotency } from './idempotency/idempotency.js';
import { RateLimits } from './rate-limit/rate-limits.js';

/** What a gateway's policy needs while it runs; a section that is off is undefined. */
export interface Policies {
  readonly rateLimits: RateLimits | undefined;
  readonly idempotency: Idempotency | undefined;
  readonly shedder: Shedder | undefined;
  close(): Promise<void>;
}

interface Around {
  readonly gateway: string;
  readonly shared: SharedState;
  readonly logger: Logger;
  readonly metrics: GatewayMetrics;
}

export function openPolicies(settings: PolicySettings, around: Around): Policies {
  const { gateway, shared, logger, metrics } = around;
  const rateLimits = settings.rateLimits && new RateLimits(settings.rateLimits, around);
  const idempotency =
    settings.idempotency &&
    new Idempotency(
      new IdempotencyKeys({
        ...{ policy: settings.idempotency, shared, prefix: `facet:once:${gateway}:` },
        onError: (err) => logger.warn({ err }, 'an idempotency key is known to this instance alone'),
      }),
      metrics,
    );
  const shedder = settings.shedding && new Shedder({ policy: settings.shedding });
  return {
    ...{ rateLimits, idempotency, shedder },
    async close() {
      shedder?.close();
      await rateLimits?.close();
    },
  };
}
