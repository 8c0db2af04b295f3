import {
  ConfigError,
  flag,
  loadConfig,
  processVariables,
  redisVariable,
  someOf,
  tracesConfig,
  traceVariables,
  whole,
  type Environment,
  type LogLevel,
  type TracesConfig,
} from '@facet/platform';
import type { KindName } from '@facet/routing';
import { ABILITIES, type Ability } from '@facet/transport';
import { z } from 'zod';
import { PROXIES_IN_PRODUCTION, trustedProxies } from './http/trusted-proxies.js';
import { instances } from './instances.js';

/** What a gateway is told from outside; everything else about it is code. */
export interface GatewayConfig {
  readonly production: boolean;
  readonly logLevel: LogLevel;
  readonly http: {
    readonly host: string;
    readonly port: number;
    /** The most that one request may take, whatever its aggregation allows. */
    readonly requestTimeoutMs: number;
    /** The largest body, where not the policy's. */
    readonly maxBodyBytes?: number;
    /** How long a connection stays open between two requests, where not the policy's. */
    readonly keepAliveMs?: number;
    /** How long it goes on serving after it said that it is not ready any more. */
    readonly drainDelayMs: number;
    /** The networks of proxies whose `X-Forwarded-…` is believed. */
    readonly trustedProxies: readonly string[];
  };
  readonly admin: { readonly host: string; readonly port: number };
  /** The console on the admin port; `token` is what a reader has to send. */
  readonly console: { readonly enabled: boolean; readonly token?: string };
  /** Whether `/docs` and `/openapi.json` are served. */
  readonly docs: boolean;
  readonly traces: TracesConfig;
  /** Whether answers of services are kept as its policy says; without, each is asked for. */
  readonly answerCache: boolean;
  /** Where instances of this gateway share what policy counts and keeps; in the process where absent. */
  readonly redisUrl?: string;
  /** Where the instances of each service are: `host:port` each, or one place that knows them (`instances.ts`). */
  readonly services: Readonly<Record<string, readonly string[]>>;
  /** How each service is reached; those that are left out by Nest's TCP transport. */
  readonly kinds?: Readonly<Record<string, KindName>>;
  /** What of our wire is asked of services that have it. */
  readonly wireAbilities: readonly Ability[];
}

/**
 * How a service is reached, with its port in development: a number is Nest's TCP transport, `{ kind: 'http', port }` a
 * REST service. Of kind `nest` is a service behind a broker, which has no address (`upstreams` has its client).
 */
export type ServicePlace =
  number | { readonly kind: 'tcp' | 'http'; readonly port: number } | { readonly kind: 'nest' };

export interface GatewayDefaults {
  /** The public port; the admin port is the next one. */
  readonly port: number;
  /** The services it may call. */
  readonly services: Readonly<Record<string, ServicePlace>>;
}

/** The one reader of a gateway's environment. */
export interface GatewayConfigReader<C extends GatewayConfig = GatewayConfig> {
  /** The gateway's name, as logs, metrics and documents show it. */
  readonly gateway: string;
  /** All that `load` reads, with descriptions: what `npm run settings` writes down. */
  readonly variables: z.ZodRawShape;
  /** @throws ConfigError naming every variable that does not fit */
  load(env?: Environment): C;
}

/**
 * Describes a gateway's environment: `HOST`, `PORT`, … and `CATALOG_ADDRESSES` for each of its services. `own` adds
 * variables of the gateway's own; the configuration has them under `own`.
 */
export function gatewayConfig<Own extends z.ZodRawShape = Record<never, never>>(
  gateway: string,
  defaults: GatewayDefaults,
  own: Own = {} as Own,
): GatewayConfigReader<GatewayConfig & { readonly own: z.output<z.ZodObject<Own>> }> {
  const ours = z.object(variables(defaults));
  const places = placesOf(gateway, defaults.services);
  const services = z.object(serviceVariables(places));
  const kinds = Object.fromEntries(places.map(({ name, kind }) => [name, kind]));
  const all = z.object({ ...ours.shape, ...services.shape, ...own });
  return {
    gateway,
    variables: all.shape,
    load: (env) => {
      const read: Record<string, unknown> = loadConfig(gateway, all, env);
      refuseUnknownBalancer(gateway, read);
      const addresses = Object.keys(defaults.services).map((name) => [
        name,
        (read[variableOf(name)] as string[] | undefined) ?? [],
      ]);
      return {
        ...grouped(read as z.output<typeof ours>),
        services: Object.fromEntries(addresses) as GatewayConfig['services'],
        kinds,
        own: Object.fromEntries(Object.keys(own).map((name) => [name, read[name]])) as z.output<
          z.ZodObject<Own>
        >,
      };
    },
  };
}

/** All requests would come from one address, the balancer's, and share its limits. Throws a ConfigError. */
function refuseUnknownBalancer(
  gateway: string,
  { NODE_ENV, TRUSTED_PROXIES }: Record<string, unknown>,
): void {
  if (NODE_ENV !== 'production' || TRUSTED_PROXIES !== undefined) return;
  throw new ConfigError(gateway, [{ variable: 'TRUSTED_PROXIES', expected: PROXIES_IN_PRODUCTION }]);
}

function variables({ port }: GatewayDefaults) {
  return {
    ...processVariables({ port, adminPort: port === 0 ? 0 : port + 1 }),
    ...traceVariables,
    KEEP_ALIVE_MS: whole({ min: 1_000, max: 3_600_000, byDefault: 75_000 })
      .unwrap()
      .optional()
      .describe(
        'How long a connection stays open between two requests: longer than the balancer keeps its own. Default: `limits.keepAliveMs` of the policy',
      ),
    REQUEST_TIMEOUT_MS: whole({ min: 100, max: 120_000, byDefault: 10_000 }).describe(
      'The longest that one request may take, whatever its route allows',
    ),
    MAX_BODY_BYTES: whole({ min: 1_024, max: 16_777_216, byDefault: 262_144 })
      .unwrap()
      .optional()
      .describe('The largest body of a request. Default: `limits.bodyBytes` of the policy'),
    DRAIN_DELAY_MS: whole({ min: 0, max: 20_000, byDefault: 0 })
      .unwrap()
      .optional()
      .describe(
        'How long requests are still served after SIGTERM has made `/health/ready` fail: longer than the balancer takes to notice. Default: 5000 in production, else 0',
      ),
    DOCS: flag(false)
      .unwrap()
      .optional()
      .describe('Whether `/docs` and `/openapi.json` are served. Default: outside of production'),
    CONSOLE: flag(false)
      .unwrap()
      .optional()
      .describe(
        'Whether the admin port has the console. Default: outside of production, or where CONSOLE_TOKEN is set',
      ),
    CONSOLE_TOKEN: z
      .string()
      .min(32, 'expected at least 32 characters')
      .optional()
      .meta({ description: 'What a reader of the console has to send', secret: true }),
    ANSWER_CACHE: flag(true).describe('Whether answers of services are cached as contracts and policy say'),
    TRUSTED_PROXIES: trustedProxies.describe(
      'The balancers whose `X-Forwarded-…` and `Client-Cert` fields are believed. Required in production',
    ),
    REDIS_URL: redisVariable,
    WIRE_ABILITIES: someOf(ABILITIES).describe(
      'What of the wire beyond its first version is spoken: `none` plays an older one, as between two versions',
    ),
  };
}

interface Place {
  readonly name: string;
  readonly kind: KindName;
  readonly port: number;
}

/** Throws a RangeError that names a service of a kind that there is not. */
function placesOf(gateway: string, services: GatewayDefaults['services']): readonly Place[] {
  return Object.entries(services).map(([name, place]) => {
    if (typeof place === 'number') return { name, kind: 'tcp', port: place };
    const { kind } = place;
    if (!KINDS.includes(kind)) {
      throw new RangeError(
        `${gateway}: services.${name}.kind: got ${String(kind)}, expected ${KINDS.join(', ')}`,
      );
    }
    return { name, kind, port: place.kind === 'nest' ? 0 : place.port };
  });
}

const KINDS: readonly KindName[] = ['tcp', 'http', 'nest'];

function serviceVariables(places: readonly Place[]): Record<string, ReturnType<typeof instances>> {
  const variables = places.flatMap(({ name, kind, port }) =>
    kind === 'nest'
      ? []
      : [
          [
            variableOf(name),
            instances(`127.0.0.1:${port}`, kind).describe(`Where the instances of ${name} are`),
          ] as const,
        ],
  );
  return Object.fromEntries(variables);
}

function variableOf(service: string): string {
  return `${service.toUpperCase().replaceAll('-', '_')}_ADDRESSES`;
}

type Read = z.output<z.ZodObject<ReturnType<typeof variables>>>;

function grouped(read: Read): Omit<GatewayConfig, 'services'> {
  const production = read.NODE_ENV === 'production';
  return {
    production,
    logLevel: read.LOG_LEVEL,
    http: {
      host: read.HOST,
      port: read.PORT,
      requestTimeoutMs: read.REQUEST_TIMEOUT_MS,
      ...(read.KEEP_ALIVE_MS === undefined ? {} : { keepAliveMs: read.KEEP_ALIVE_MS }),
      ...(read.MAX_BODY_BYTES === undefined ? {} : { maxBodyBytes: read.MAX_BODY_BYTES }),
      drainDelayMs: read.DRAIN_DELAY_MS ?? (production ? 5_000 : 0),
      trustedProxies: read.TRUSTED_PROXIES ?? [],
    },
    admin: { host: read.ADMIN_HOST, port: read.ADMIN_PORT },
    console: {
      enabled: read.CONSOLE ?? (!production || read.CONSOLE_TOKEN !== undefined),
      ...(read.CONSOLE_TOKEN === undefined ? {} : { token: read.CONSOLE_TOKEN }),
    },
    docs: read.DOCS ?? !production,
    traces: tracesConfig(read),
    answerCache: read.ANSWER_CACHE,
    wireAbilities: read.WIRE_ABILITIES,
    ...(read.REDIS_URL === undefined ? {} : { redisUrl: read.REDIS_URL }),
  };
}
