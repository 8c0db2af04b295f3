import type { INestMicroservice, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { type Operation, tellsOfChanges } from '@facet/contracts';
import { auditTo, type VerifyCaller } from '@facet/access';
import {
  type Environment,
  type Logger,
  nestLogger,
  openTraces,
  type Running,
  runProcess,
  startAdmin,
  tracesConfig,
} from '@facet/platform';
import { callDirectly, FacetServer, type DirectHandler } from '@facet/transport/nest';
import { AnswerChanges, answerChangesController } from './answer-changes.js';
import { AuditLog } from './audit.js';
import { CallerGuard } from './caller.guard.js';
import { rememberCaller } from './context.js';
import { CommandCounter, Commands } from './commands.js';
import { serviceConfig, type ServiceConfig } from './config.js';
import { Database, openDatabase, type OpenDatabase } from './database/open.js';
import type { Preparation } from './database/prepare.js';
import { FaultFilter } from './faults.js';
import { ServiceMetrics } from './metrics.js';
import { announce } from './registration.js';
import { ServiceTraces } from './traces.js';
import { startSweeper, type Sweeps } from './sweeper.js';

/** Less than the 30 s that a process has to stop in. */
const CLOSE_TIMEOUT_MS = 20_000;

export interface ServiceOptions {
  /** As in its contract and in its database's name. */
  readonly name: string;
  /** Every operation of it has to be implemented by a controller of the module. */
  readonly contract: Readonly<Record<string, Operation>>;
  readonly module: Type;
  /** The port where PORT is not set; the admin port is the next one. */
  readonly port: number;
  readonly database: Preparation;
  /** Providers that tidy up, every SWEEP_INTERVAL_MS. `Commands` is among them where the contract has commands. */
  readonly sweeps?: readonly Type<Sweeps>[];
  /** From the environment to what proves who asks (`verifyCallers` of `@facet/auth/assertion`); without it nobody is asked. */
  readonly verifyCaller?: (env?: Environment) => VerifyCaller;
}

/** The whole of a service's `main.ts`: runs it as this process until it is asked to stop. */
export function runService(options: ServiceOptions): Promise<void> {
  return runProcess(options.name, ({ logger }) => startService(options, { logger }));
}

/**
 * Starts a service in this process.
 *
 * @throws ConfigError, StartError, or an Error naming the operations that no controller implements
 */
export async function startService(
  options: ServiceOptions,
  { logger, env }: { logger: Logger; env?: Environment },
): Promise<Running> {
  const config = serviceConfig(options.name, options.port, env);
  const verifyCaller = options.verifyCaller?.(env);
  const traced = tracesConfig(config);
  const exporter = await openTraces(options.name, traced, logger);
  const traces = exporter && new ServiceTraces(exporter, traced);
  const metrics = new ServiceMetrics(options.name, Object.values(options.contract));
  const database = await openDatabase({
    ...options.database,
    url: config.DATABASE_URL,
    name: `${config.DATABASE_PREFIX}${options.name}`,
    poolSize: config.DATABASE_POOL_SIZE,
    meter: metrics,
    logger,
  });
  try {
    metrics.watchPool(database.pool, config.DATABASE_POOL_SIZE);
    return await serve(options, { config, database, logger, metrics, traces, verifyCaller });
  } catch (error) {
    await database.close();
    throw error;
  }
}

interface Dependencies {
  readonly config: ServiceConfig;
  readonly database: OpenDatabase;
  readonly logger: Logger;
  readonly metrics: ServiceMetrics;
  readonly traces: ServiceTraces | undefined;
  readonly verifyCaller: VerifyCaller | undefined;
}

async function serve(options: ServiceOptions, dependencies: Dependencies): Promise<Running> {
  const { config, database, logger, metrics, traces } = dependencies;
  const server = new FacetServer({
    host: config.HOST,
    port: config.PORT,
    abilities: config.WIRE_ABILITIES,
    ...(traces && { collectsTimes: (request) => traces.isSampled(request) }),
    onHandled: (handled) => {
      metrics.handled(handled);
      traces?.handled(handled);
    },
    info: { name: options.name },
    closeTimeoutMs: CLOSE_TIMEOUT_MS,
  });
  metrics.watchServer(server);
  const app = await createApp(options, dependencies, server);
  refuseGaps(options, (pattern) => server.getHandlers().has(pattern));
  const admin = await startAdmin({
    host: config.ADMIN_HOST,
    port: config.ADMIN_PORT,
    checks: { database: database.check },
    metrics: metrics.registry,
  });
  await app.listen().catch(async (error: unknown) => {
    await admin.stop();
    throw error;
  });
  const stopSweeping = startSweeper({
    sweeps: sweepsOf(options).map((type) => app.get<Sweeps>(type, { strict: false })),
    everyMs: config.SWEEP_INTERVAL_MS,
    logger,
  });
  const address = addressOf(server);
  const leave = await announce({
    service: options.name,
    address: config.ADVERTISED_ADDRESS ?? address,
    registryUrl: config.REGISTRY_URL,
    logger,
  });
  return {
    addresses: { tcp: address, admin: admin.url },
    stop: async () => {
      admin.setReady(false);
      await leave();
      await stopSweeping();
      await app.close();
      await admin.stop();
      await database.close();
      await traces?.close();
    },
  };
}

/** The Nest application behind the server. Handlers that no enhancer of Nest's stands before are called directly. */
async function createApp(
  options: ServiceOptions,
  { database, logger, metrics, verifyCaller }: Dependencies,
  server: FacetServer,
): Promise<INestMicroservice> {
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(
    rootModule(options, { database, logger, metrics }),
    {
      strategy: server,
      logger: nestLogger(logger),
      abortOnError: false,
    },
  );
  const filter = new FaultFilter();
  const guards = verifyCaller === undefined ? [] : [new CallerGuard(verifyCaller)];
  app.useGlobalFilters(filter).useGlobalGuards(...guards);
  await app.init();
  callDirectly(app, server, {
    known: [filter, ...guards],
    around: (handler) => withoutNest(handler, filter, verifyCaller),
  });
  return app;
}

/** A controller's method with what the guard and the filter of this service do. */
function withoutNest(
  handler: DirectHandler,
  filter: FaultFilter,
  verifyCaller: VerifyCaller | undefined,
): DirectHandler {
  return async (data, context) => {
    try {
      if (verifyCaller !== undefined) rememberCaller(context, verifyCaller(context.caller));
      return await handler(data, context);
    } catch (error) {
      throw filter.meaningOf(error, context.signal);
    }
  };
}

/** What the service's own module finds ready: its database, `Commands` on it, and the record. */
function rootModule(
  { name, contract, module }: ServiceOptions,
  { database, logger, metrics }: Pick<Dependencies, 'database' | 'logger' | 'metrics'>,
) {
  class ServiceModule {}
  const tells = tellsOfChanges(contract);
  const providers = [
    { provide: Database, useValue: database.db },
    { provide: AuditLog, useValue: new AuditLog(auditTo(logger)) },
    { provide: CommandCounter, useValue: metrics },
    Commands,
    ...(tells ? [AnswerChanges] : []),
  ];
  return {
    module: ServiceModule,
    imports: [module],
    controllers: tells ? [answerChangesController(name)] : [],
    providers,
    exports: providers,
    global: true,
  };
}

/** Only a service with commands keeps their keys, and only one that tags its answers tells of changes. */
function sweepsOf({ contract, sweeps = [] }: ServiceOptions): readonly Type<Sweeps>[] {
  const hasCommands = Object.values(contract).some(({ kind }) => kind === 'command');
  return [
    ...(hasCommands ? [Commands] : []),
    ...(tellsOfChanges(contract) ? [AnswerChanges] : []),
    ...sweeps,
  ];
}

function refuseGaps({ name, contract }: ServiceOptions, isImplemented: (pattern: string) => boolean): void {
  const missing = Object.values(contract).filter(({ pattern }) => !isImplemented(pattern));
  if (missing.length === 0) return;
  const names = missing.map(({ pattern }) => pattern).join(', ');
  throw new Error(`${name} does not implement ${names}: add a controller method with @Implements for each`);
}

function addressOf(server: FacetServer): string {
  const { address, port, family } = server.address();
  return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`;
}
