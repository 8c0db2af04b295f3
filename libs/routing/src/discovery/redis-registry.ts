import { openRegistry } from '@facet/platform/registry';
import { checkNumber, systemClock, type Clock } from '@facet/contracts';
import type { Discovery } from './discovery.js';
import { poll } from './poll.js';

export interface RedisRegistryOptions {
  /** `redis://…`; the registry that the services register with. */
  readonly url: string;
  /** The service's name, as it registers. */
  readonly service: string;
  /** Before every key. Default `facet:registry`. */
  readonly prefix?: string;
  /** How often to look, in ms. Default 1,000. */
  readonly refreshMs?: number;
  /**
   * For how long after the registry was away nobody is taken off the list, in ms: it may have lost what it knew, and
   * the services need a heartbeat or two to emit it again. Default 30,000.
   */
  readonly settleMs?: number;
}

/** Instances from the registry in Redis, where services register, beat and leave (`register` of platform). */
export function redisRegistry(options: RedisRegistryOptions): Discovery {
  const { service, refreshMs = 1_000, settleMs = 30_000 } = options;
  checkNumber('redisRegistry.refreshMs', refreshMs, { min: 1 });
  checkNumber('redisRegistry.settleMs', settleMs, { min: 0 });
  return {
    watch: (observer) => {
      const registry = openRegistry(options);
      const settled = settling(settleMs, systemClock);
      const look = async () => ({
        addresses: settled(await registry.list(service).catch(settled.failed)),
        againInMs: refreshMs,
      });
      return poll(observer, { look, retryMs: refreshMs, clock: systemClock, close: () => registry.close() });
    },
  };
}

interface Settling {
  (addresses: readonly string[]): readonly string[];
  /** Takes note of a failure and throws it on. */
  failed: (error: unknown) => never;
}

/** Holds on to what was known before a failure for `settleMs` after it. */
export function settling(settleMs: number, clock: Clock): Settling {
  let known: readonly string[] = [];
  let until = 0;
  const settled = (addresses: readonly string[]) => {
    known = clock.now() < until ? [...new Set([...known, ...addresses])] : addresses;
    return known;
  };
  const failed = (error: unknown): never => {
    until = clock.now() + settleMs;
    throw error;
  };
  return Object.assign(settled, { failed });
}
