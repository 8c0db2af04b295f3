import type { Logger } from '@facet/platform';
import { createUpstreams, type Meter, type Upstreams, type UpstreamSettings } from '@facet/routing';
import type { GatewayConfig } from './config.js';
import { discoveryOf } from './instances.js';

/**
 * How services are called, by their names: limits, connections, retries, breaker, the largest answer. What stands under
 * `*` holds for every service that does not say otherwise.
 */
export type UpstreamsOption = Readonly<Record<string, UpstreamSettings>>;

/** Starts to find and connect to the services. Throws a RangeError that names a faulty setting, or a service that is none. */
export function openUpstreams(
  { services }: GatewayConfig,
  settings: UpstreamsOption = {},
  { logger, meter }: { readonly logger: Logger; readonly meter?: Meter },
): Upstreams {
  const { '*': common = {}, ...own } = settings;
  const unknown = Object.keys(own).find((name) => !Object.hasOwn(services, name));
  if (unknown !== undefined) {
    const known = Object.keys(services).join(', ') || 'none';
    throw new RangeError(`upstreams.${unknown}: no such service in the configuration; there are ${known}`);
  }
  const options = Object.entries(services).map(
    ([name, at]) => [name, { ...own[name], discovery: discoveryOf(name, at) }] as const,
  );
  const upstreams = createUpstreams(Object.fromEntries(options), common, meter);
  logFailedDiscovery(upstreams, logger);
  return upstreams;
}

/** Each reason once, as a source that fails is asked again every second. */
function logFailedDiscovery(upstreams: Upstreams, logger: Logger): void {
  const logged = new Set<string>();
  upstreams.events.on('discovery-failed', ({ service, message }) => {
    const line = `${service} ${message}`;
    if (logged.has(line)) return;
    logged.add(line);
    logger.warn({ service, reason: message }, 'the instances of a service are not to be found');
  });
}
