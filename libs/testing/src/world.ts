import { addressesVariable, readApps, type AppProcess, type Exit } from '@facet/dev';
import { databaseEnv, startTestDatabase, type TestDatabase } from './database.js';
import { startProcess } from './process.js';

export type Env = Readonly<Record<string, string | undefined>>;

export interface WorldOptions {
  readonly services?: readonly string[];
  /** Gateways, or other apps that are started after the services and know where those are. */
  readonly gateways?: readonly string[];
  /** For single apps, by name; for all of them under `*`. */
  readonly env?: Readonly<Record<string, Env>>;
}

/** Real processes that call each other over real sockets, on a database server of their own. */
export interface World {
  readonly database: TestDatabase;
  /** The process that runs now; throws where none of that name was started. */
  process(app: string): AppProcess;
  /** Where its public HTTP is, e.g. `http://127.0.0.1:43210`. */
  url(app: string): string;
  /** Where its health and metrics are. */
  adminUrl(app: string): string;
  /** Lets it finish what it has, as a deployment would. */
  stopApp(app: string): Promise<Exit>;
  /** Ends it at once (SIGKILL), as a crash would. */
  killApp(app: string): Promise<Exit>;
  /** Starts it again on the ports it had, after `stopApp` or `killApp`; `env` adds to what it had. */
  startApp(app: string, env?: Env): Promise<AppProcess>;
  /** `stopApp` and `startApp`. */
  restart(app: string, env?: Env): Promise<AppProcess>;
  /** Ends every process, then the database. */
  stop(): Promise<void>;
}

/** Starts what is named and resolves when all of it is ready; where one fails, the rest is ended. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const database = await startTestDatabase();
  const world = new RunningWorld(database, options.env ?? {});
  try {
    await world.startAll(options.services ?? []);
    await world.startAll(options.gateways ?? []);
    return world;
  } catch (error) {
    await world.stop();
    throw error;
  }
}

class RunningWorld implements World {
  private readonly processes = new Map<string, AppProcess>();

  constructor(
    readonly database: TestDatabase,
    private readonly extra: Readonly<Record<string, Env>>,
  ) {}

  /** At the same time: each of them has the addresses of those that run already. */
  async startAll(apps: readonly string[]): Promise<void> {
    const env = this.addresses();
    const starts = await Promise.allSettled(apps.map((app) => this.launch(app, env)));
    const failure = starts.find((start) => start.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
  }

  process(app: string): AppProcess {
    const process = this.processes.get(app);
    if (process !== undefined) return process;
    throw new Error(`"${app}" is not in this world; it has ${[...this.processes.keys()].join(', ')}`);
  }

  url(app: string): string {
    return addressOf(this.process(app), 'http');
  }

  adminUrl(app: string): string {
    return addressOf(this.process(app), 'admin');
  }

  stopApp(app: string): Promise<Exit> {
    return this.process(app).stop();
  }

  killApp(app: string): Promise<Exit> {
    const process = this.process(app);
    process.kill('SIGKILL');
    return process.exited;
  }

  startApp(app: string, env: Env = {}): Promise<AppProcess> {
    const { addresses } = this.process(app);
    const ports = {
      PORT: portOf(addresses['http'] ?? addresses['tcp']),
      ADMIN_PORT: portOf(addresses['admin']),
    };
    return this.launch(app, { ...this.addresses(), ...ports }, env);
  }

  async restart(app: string, env: Env = {}): Promise<AppProcess> {
    await this.stopApp(app);
    return this.startApp(app, env);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.processes.values()].map((process) => process.stop()));
    await this.database.stop();
  }

  /** `env` is what the world says, the test's own words come before it, and `more` before all. */
  private async launch(app: string, env: Env, more: Env = {}): Promise<AppProcess> {
    const given = { ...databaseEnv(this.database), ...this.extra['*'], ...this.extra[app] };
    const process = await startProcess({ app, env: { ...env, ...given, ...more } });
    this.processes.set(app, process);
    return process;
  }

  private addresses(): Env {
    const all = [...this.processes.values()];
    const kinds = new Map(readApps().map(({ name, kind }) => [name, kind]));
    const services = all.flatMap(({ name, addresses }) => {
      const place = kinds.get(name) === 'service' ? placeOf(addresses) : undefined;
      return place === undefined ? [] : [[addressesVariable(name), place] as const];
    });
    const issuer = all.find(({ name }) => name === 'identity')?.addresses['http'];
    return {
      ...Object.fromEntries(services),
      ...(issuer === undefined ? {} : { ISSUER_URL: issuer }),
    };
  }
}

/** Where a service listens, `host:port`: for Nest's TCP transport, or for HTTP. */
export function placeOf({ tcp, http }: AppProcess['addresses']): string | undefined {
  return tcp ?? (http === undefined ? undefined : new URL(http).host);
}

function addressOf({ name, addresses }: AppProcess, kind: string): string {
  const address = addresses[kind];
  if (address !== undefined) return address;
  throw new Error(`"${name}" reported no ${kind} address, only ${Object.keys(addresses).join(', ')}`);
}

/** A new free one where the process had none of that kind. */
const portOf = (address: string | undefined): string => /:(\d+)\/?$/.exec(address ?? '')?.[1] ?? '0';
