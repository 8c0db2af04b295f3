import type { Logger } from '@facet/platform';
import { IdempotencyKeys, Shedder, type Policy, type SharedState } from '@facet/policy';
import type { GatewayMetrics } from '../metrics/gateway-metrics.js';
import { Idempotency } from './idempotency.js';
import { Plans } from './plans.js';

/** What a gateway's policy needs while it runs; a section that the policy leaves out is undefined. */
export interface Policies {
  readonly plans: Plans | undefined;
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

export function openPolicies(policy: Policy = {}, around: Around): Policies {
  const { gateway, shared, logger, metrics } = around;
  const plans = policy.plans && new Plans(policy.plans, around);
  const idempotency =
    policy.idempotency &&
    new Idempotency(
      new IdempotencyKeys({
        ...{ policy: policy.idempotency, shared, prefix: `facet:once:${gateway}:` },
        onError: (err) => logger.warn({ err }, 'an idempotency key is known to this instance alone'),
      }),
      metrics,
    );
  const shedder = policy.shedding && new Shedder({ policy: policy.shedding });
  return {
    ...{ plans, idempotency, shedder },
    async close() {
      shedder?.close();
      await plans?.close();
    },
  };
}
