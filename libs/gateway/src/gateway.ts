import { setTimeout as sleep } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { auditTo } from '@facet/access';
import type { Call, Caller } from '@facet/contracts';
import { listenFault, openTraces, runProcess, startAdmin, type Logger, type Running } from '@facet/platform';
import { openSharedState, type SharedState } from './shared/shared-state.js';
import type { Upstreams, UpstreamSnapshot } from '@facet/routing';
import { assemble } from './assemble.js';
import { createApp } from './create-app.js';
import type { GatewayAuth } from './auth.js';
import type { GatewayConfig } from './config.js';
import { openGatewayConsole, type GatewayConsole } from './console.js';
import { openCache } from './cache/open-cache.js';
import type { ResponseCache } from './cache/response-cache.js';
import { Backend, ownCalls } from './answers/backend.js';
import { DESCRIBE, printDescription } from './describe.js';
import { Cors } from './http/cors.js';
import { UserHooks } from './http/user-hooks.js';
import { GatewayMetrics } from './metrics/gateway-metrics.js';
import type { GatewayOptions } from './options.js';
import { orNoStart } from './or-no-start.js';
import { OwnDependencies } from './own-dependencies.js';
import { openPolicies, type Policies } from './policies.js';
import { settingsOf, type PolicySettings } from './policy.js';
import { ProblemFilter } from './problems/filter.js';
import { Recorder } from './record/recorder.js';
import { exportTraces } from './record/traces.js';
import { Compression } from './reply/compression.js';
import { ReplyWriter } from './reply/writer.js';
import { OpenRequests } from './request/open-requests.js';
import { absencesOf } from './routes/absences.js';
import { Sagas } from './sagas/sagas.js';
import { stepsOf } from './steps.js';
import { openUpstreams, prepareCalls } from './upstreams.js';

/** Runs a gateway as a process; with `--describe` it prints its OpenAPI document instead. */
export function startGateway<C extends GatewayConfig>(options: GatewayOptions<C>): Promise<void> {
  if (process.argv.includes(DESCRIBE)) return printDescription(options);
  return runProcess(options.config.gateway, ({ logger }) =>
    createGateway(options, { config: options.config.load(), logger }),
  );
}

interface Parts<C> {
  readonly config: C;
  readonly logger: Logger;
}

/**
 * Starts a gateway inside a process: its upstreams, its public port, its admin port.
 *
 * @throws StartError where a route does not say who may use it, calls a service that has no addresses, or a port is taken
 */
export async function createGateway<C extends GatewayConfig>(
  options: GatewayOptions<C>,
  { config, logger }: Parts<C>,
): Promise<Running> {
  const settings = orNoStart(() => settingsOf(options.policy ?? {}));
  const recorder = new Recorder(options.config.gateway);
  const metrics = new GatewayMetrics(options.config.gateway);
  const upstreams = openUpstreams(config, options.upstreams, { logger, meter: metrics.meter });
  metrics.watchUpstreams(upstreams);
  const traces = await openTraces(options.config.gateway, config.traces, logger);
  if (traces !== undefined) exportTraces(recorder, traces, config.traces);
  const sagas = new Sagas(logger, metrics);
  const shared = openShared(config, logger);
  const { backend, call, cache } = openBackend(options, { config, settings, upstreams, shared, metrics });
  const policy = openPolicies(settings, { gateway: options.config.gateway, shared, logger, metrics });
  let auth: GatewayAuth | undefined;
  let console: GatewayConsole | undefined;
  const close = async () => {
    await console?.close();
    await traces?.close();
    cache?.close();
    await upstreams.close();
    await auth?.close?.();
    await policy.close();
    shared?.close();
  };
  try {
    const audit = auditTo(logger, (event) => metrics.audited(event));
    auth = await options.auth?.({ config, logger, call, audit });
    const { app, table, writer } = await buildApp(options, {
      ...{ config, logger, settings, recorder, metrics, backend, call, sagas, auth, policy },
      responses: cache?.responses,
    });
    const shown = { name: options.config.gateway, config, recorder, upstreams, routes: table.all };
    console = openGatewayConsole(options.console, shown);
    const { needed, telling } = prepareCalls(upstreams, table.all, logger);
    const absences = absencesOf(table.all);
    await connected(upstreams, needed);
    cache?.follow(telling);
    await listen(app, config);
    const needs = new OwnDependencies(auth?.checks);
    const admin = await startAdmin({
      ...{ ...config.admin, checks: needs.checks, metrics: metrics.registry, pages: console?.pages },
      shown: () => ({ services: absences(upstreams.snapshot()), ...needs.shown() }),
    });
    console?.listening(admin.url);
    return {
      addresses: { http: await urlOf(app), admin: admin.url },
      stop: async () => {
        admin.setReady(false);
        await leave({ app, writer, sagas, config });
        await close();
        await admin.stop();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Takes no more requests, and finishes those that are under way. */
async function leave({
  app,
  writer,
  sagas,
  config,
}: {
  readonly app: NestFastifyApplication;
  readonly writer: ReplyWriter;
  readonly sagas: Sagas;
  readonly config: GatewayConfig;
}): Promise<void> {
  writer.leave();
  await sleep(config.http.drainDelayMs);
  await app.close();
  await sagas.settled();
}

function openShared({ redisUrl }: GatewayConfig, logger: Logger): SharedState {
  return openSharedState({
    redisUrl,
    onError: ({ message }) => logger.warn({ reason: message }, 'what instances share cannot be reached'),
  });
}

interface AppParts<C> extends Parts<C> {
  readonly recorder: Recorder;
  readonly metrics: GatewayMetrics;
  readonly backend: Backend;
  readonly call: Call;
  readonly sagas: Sagas;
  readonly auth: GatewayAuth | undefined;
  readonly settings: PolicySettings;
  readonly policy: Policies;
  readonly responses: ResponseCache | undefined;
}

/** The application with its routes and what lies round them. Nothing listens yet; what proves callers warms up beside it. */
async function buildApp<C extends GatewayConfig>(
  options: GatewayOptions<C>,
  { config, logger, settings, recorder, metrics, backend, call, sagas, auth, policy, responses }: AppParts<C>,
) {
  const { limits } = settings;
  const cors = settings.cors && new Cors(settings.cors, auth?.authenticator);
  const times = { answerMs: config.http.requestTimeoutMs, readMs: limits.readMs };
  const requests = new OpenRequests(times, config.traces.ratio);
  metrics.watchRequests(requests);
  const hooks = new UserHooks();
  const compression = settings.compression && new Compression(settings.compression);
  const writer = new ReplyWriter(compression, hooks);
  const problems = new ProblemFilter(logger, writer);
  const steps = stepsOf({ auth, cors, limits, metrics, writer, ...policy });
  auth?.warm?.();
  const created = await createApp({
    ...{ module: options.module, routes: options.routes ?? [], config, logger, call, limits },
    ...{ stepsFor: steps.stepsFor, problems, idempotency: policy.idempotency },
    authenticator: auth?.authenticator,
    adapter: { logger, rateLimits: policy.rateLimits, cors, writer, problems, requests },
  });
  metrics.watchRoutes(created.table.all);
  const tools = {
    ...{ lifecycle: requests, backend, recorder, metrics, sagas, rateLimits: policy.rateLimits },
    mayExplain: (caller: Caller | undefined) => !config.production || !!options.mayExplain?.(caller),
  };
  await assemble(created, options, {
    ...{ name: options.config.gateway, config, logger, tools, requests, auth, policy, ...steps },
    ...{ problems, writer, hooks, responses },
  });
  return { app: created.app, table: created.table, writer };
}

interface BackendMeans {
  readonly config: GatewayConfig;
  readonly settings: PolicySettings;
  readonly upstreams: Upstreams;
  readonly shared: SharedState;
  readonly metrics: GatewayMetrics;
}

/** The services as requests call them, and as the gateway does for itself. */
function openBackend<C extends GatewayConfig>(
  { config: { gateway }, assertCaller }: GatewayOptions<C>,
  { config, settings, upstreams, shared, metrics }: BackendMeans & { readonly config: C },
) {
  const services = { upstreams, assertCaller: assertCaller?.(config) };
  const call = ownCalls(gateway, services);
  const isOn = config.answerCache && settings.cache !== undefined;
  const cache = isOn ? openCache(settings.cache, { shared, registry: metrics.registry, call }) : undefined;
  return { backend: new Backend({ ...services, kept: cache?.calls }), call, cache };
}

/** How long a gateway waits for a service that it cannot do without before it starts all the same, in milliseconds. */
const CONNECT_WAIT_MS = 3_000;

/**
 * The first request should find its services: waits until they are connected, or have been given the time for it. One
 * that refuses is not there: answers say so, and `/health/ready` beside them.
 */
async function connected(upstreams: Upstreams, needed: readonly string[]): Promise<void> {
  const until = performance.now() + CONNECT_WAIT_MS;
  const isAwaited = ({ service, health, instances }: UpstreamSnapshot) =>
    (health === 'starting' || (health === 'down' && needed.includes(service))) &&
    !(instances.length > 0 && instances.every(({ state }) => state === 'refused'));
  while (performance.now() < until && upstreams.snapshot().some(isAwaited)) await sleep(10);
}

async function listen(app: NestFastifyApplication, { http }: GatewayConfig): Promise<void> {
  try {
    await app.listen({ host: http.host, port: http.port });
  } catch (error) {
    await app.close();
    throw listenFault(error as Error, 'PORT');
  }
}

async function urlOf(app: NestFastifyApplication): Promise<string> {
  return (await app.getUrl()).replace('[::1]', 'localhost');
}
