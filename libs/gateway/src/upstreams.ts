import type { Logger } from '@facet/platform';
import {
  createUpstreams,
  type HttpOptions,
  type KindName,
  type Meter,
  type UpstreamOptions,
  type Upstreams,
  type UpstreamSettings,
} from '@facet/routing';
import type { GatewayConfig } from './config.js';
import type { Route } from './routes/route.js';
import { operationsOf, selectionsOf, servicesOf } from './routes/services.js';
import { orNoStart } from './or-no-start.js';
import { discoveryOf, nameOf, withoutScheme } from './instances.js';

/**
 * How services are called, by their names: limits, connections, retries, breaker, the largest answer. What stands under
 * `*` holds for every service that does not say otherwise.
 */
export type UpstreamsOption = Readonly<Record<string, UpstreamSettings>>;

/** Starts to find and connect to the services. Throws a StartError that names a faulty setting, or a service that is none. */
export function openUpstreams<C extends Pick<GatewayConfig, 'services' | 'kinds' | 'wireAbilities'>>(
  config: C,
  settings: UpstreamsOption | ((config: C) => UpstreamsOption) = {},
  { logger, meter }: { readonly logger: Logger; readonly meter?: Meter },
): Upstreams {
  const upstreams = orNoStart(() => {
    const { '*': common = {}, ...own } = typeof settings === 'function' ? settings(config) : settings;
    const services = servicesFor(config, { ...own, '*': common });
    return createUpstreams(services, common, meter);
  });
  logFailedDiscovery(upstreams, logger);
  return upstreams;
}

/**
 * Prepares the calls of routes, and says which services they are. Throws a StartError that names an operation which its
 * service cannot be asked for.
 */
export function prepareCalls(
  upstreams: Upstreams,
  routes: readonly Route[],
  logger: Logger,
): ReturnType<typeof servicesOf> {
  orNoStart(() => upstreams.check(routes.flatMap(operationsOf)));
  const readers = upstreams.prepare([...new Set(routes.flatMap(selectionsOf))]);
  for (const { operation, way, leftToZod } of readers) {
    if (leftToZod.length > 0)
      logger.debug({ operation, way, leftToZod }, 'answers are checked by zod, in part');
  }
  return servicesOf(routes);
}

function servicesFor(
  { services, kinds = {}, wireAbilities }: Pick<GatewayConfig, 'services' | 'kinds' | 'wireAbilities'>,
  { '*': common, ...own }: UpstreamsOption,
): Readonly<Record<string, UpstreamOptions>> {
  const unknown = Object.keys(own).find((name) => !Object.hasOwn(services, name));
  if (unknown !== undefined) {
    const known = Object.keys(services).join(', ') || 'none';
    throw new RangeError(`upstreams.${unknown}: no such service in the configuration; there are ${known}`);
  }
  const options = Object.entries(services).map(
    ([name, at]) =>
      [
        name,
        optionsOf(name, {
          ...{ kind: kinds[name] ?? 'tcp', at, own: own[name] ?? {} },
          channel: { ...(own[name]?.channel ?? common?.channel), abilities: wireAbilities },
        }),
      ] as const,
  );
  return Object.fromEntries(options);
}

interface Configured {
  readonly kind: KindName;
  readonly at: readonly string[];
  readonly own: UpstreamSettings;
  readonly channel: UpstreamSettings['channel'];
}

function optionsOf(service: string, { kind, at, own, channel }: Configured): UpstreamOptions {
  if (kind === 'nest') return { ...own, kind };
  if (kind === 'tcp') return { ...own, kind, channel, discovery: discoveryOf(service, at) };
  const { list, isTls } = withoutScheme(at);
  return {
    ...own,
    kind,
    http: httpOptions(own.http, { isTls, name: nameOf(at) }),
    discovery: discoveryOf(service, list),
  };
}

/** The certificates of instances that DNS finds have the name that was asked for, and not the addresses that were found. */
function httpOptions(
  given: HttpOptions = {},
  { isTls, name }: { readonly isTls: boolean; readonly name: string | undefined },
): HttpOptions {
  const { tls = isTls } = given;
  if (tls === false) return given;
  const named = name === undefined ? {} : { servername: name };
  return {
    ...(name !== undefined && { host: name }),
    ...given,
    tls: { ...named, ...(tls === true ? {} : tls) },
  };
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
