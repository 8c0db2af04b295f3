import { createWriteStream, mkdirSync, mkdtempSync, rmSync, type WriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  hasHaproxy,
  instancesInRotation,
  launchApp,
  makeCertificates,
  makeSecrets,
  productionEnv,
  readApps,
  startBalancer,
  workspaceRoot,
  type App,
  type AppProcess,
  type Site,
} from '@facet/dev';
import { eventually, hasRedis, startRedisSentinels, startTestDatabase, type Env } from '@facet/testing';
import type { RedisSentinels, TestDatabase } from '@facet/testing';
import type { Cleanup } from '../experiment.js';
import { freePorts } from './free-ports.js';

/** What this machine lacks for it, if anything. */
export const lacks = [...(hasHaproxy ? [] : ['haproxy']), ...(hasRedis ? [] : ['redis-server'])];

/** Longer than HAProxy takes to see that a gateway is not ready. */
const DRAIN_DELAY_MS = 1_500;
const STARTS_AT_ONCE = 2;
const PATIENCE = { withinMs: 60_000, everyMs: 50 };

/** One process of an app, which keeps its ports when it is replaced. */
interface Slot {
  /** `web-bff-1` */
  readonly name: string;
  readonly app: App;
  readonly index: number;
  readonly port: number;
  readonly adminPort: number;
  process?: AppProcess | undefined;
}

export interface FleetOptions {
  /** How many instances of an app there are. */
  readonly instancesOf: (app: App) => number;
}

/**
 * A whole site on this machine, in production: HAProxy with TLS in front of the gateways, services, PostgreSQL, Redis with a
 * replica and sentinels, and the issuer. What runs is what the build made. Logs are in `.facet/logs/rollout`.
 */
export class Fleet {
  readonly #slots: Slot[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'facet-rollout-'));
  readonly #logs = new Map<string, WriteStream>();
  #env: Env = {};

  private constructor(
    readonly apps: readonly App[],
    readonly database: TestDatabase,
    readonly redis: RedisSentinels,
  ) {}

  static async start(cleanup: Cleanup, { instancesOf }: FleetOptions): Promise<Fleet> {
    const database = cleanup.add(await startTestDatabase());
    const redis = cleanup.add(await startRedisSentinels());
    const fleet = cleanup.add(new Fleet(readApps(), database, redis));
    await fleet.#start(cleanup, instancesOf);
    return fleet;
  }

  #site: Site | undefined;

  /** The site as its processes know it. */
  get site(): Site {
    if (this.#site === undefined) throw new Error('The fleet has not started');
    return this.#site;
  }

  /** The names of an app's instances; of all apps of that kind where it is a kind. */
  instances(of: string): readonly string[] {
    return this.#slots.filter(({ app }) => app.kind === of || app.name === of).map(({ name }) => name);
  }

  /** What instances that start from now on have in their environment beside all else. */
  use(env: Env): void {
    this.#env = env;
  }

  /** Lets one finish what it has, starts it anew, and waits until it is in use again. */
  async replace(name: string): Promise<void> {
    const slot = this.#slot(name);
    await slot.process?.stop();
    slot.process = undefined;
    await this.start(name);
  }

  /** Ends one at once, as a crash would. */
  async kill(name: string): Promise<void> {
    const slot = this.#slot(name);
    slot.process?.kill('SIGKILL');
    await slot.process?.exited;
    slot.process = undefined;
  }

  /** Starts one, and resolves when the balancer, or every gateway, sends it requests. */
  async start(name: string): Promise<void> {
    const slot = this.#slot(name);
    const env = productionEnv(slot.app, slot, this.site);
    slot.process = await launchApp(slot.app.name, {
      env: { ...env, ...(slot.app.kind === 'identity' ? {} : { ...this.#ownEnv(slot), ...this.#env }) },
      from: 'build',
      onLine: (line) => void this.#log(name).write(`${line}\n`),
    });
    await this.#isInUse(slot);
  }

  async stop(): Promise<void> {
    const stop = (kind: App['kind']) =>
      Promise.all(
        this.#slots.filter(({ app }) => app.kind === kind).map(async ({ process }) => process?.stop()),
      );
    await stop('gateway');
    await Promise.all([stop('service'), stop('identity')]);
    for (const log of this.#logs.values()) log.end();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #start(cleanup: Cleanup, instancesOf: FleetOptions['instancesOf']): Promise<void> {
    mkdirSync(LOGS, { recursive: true });
    const started = this.apps.flatMap((app) =>
      Array.from({ length: app.kind === 'identity' ? 1 : instancesOf(app) }, (_, index) => ({ app, index })),
    );
    const fronted = this.apps.filter(({ kind }) => kind !== 'service');
    const ports = [...(await freePorts(started.length * 2 + fronted.length))];
    for (const { app, index } of started) {
      const [port = 0, adminPort = 0] = ports.splice(0, 2);
      this.#slots.push({ name: `${app.name}-${index + 1}`, app, index, port, adminPort });
    }
    const publicPorts = new Map(fronted.map(({ name }) => [name, ports.shift() ?? 0]));
    const { file: certificate, authority } = makeCertificates(join(this.#folder, 'certificates'));
    this.#site = this.#siteAt(publicPorts, authority);
    cleanup.add(
      startBalancer(
        {
          certificate,
          socket: this.#socket,
          frontends: fronted.map((app) => this.#frontend(app, publicPorts)),
        },
        { file: join(this.#folder, 'haproxy.cfg'), log: join(LOGS, 'haproxy.log') },
      ),
    );
    await this.#startAll('service');
    await this.#startAll('identity');
    await this.#startAll('gateway');
  }

  /** A few at a time: a start is most of what this machine has to do. */
  async #startAll(kind: App['kind']): Promise<void> {
    const waiting = [...this.instances(kind)];
    const work = async () => {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await this.start(name);
    };
    await Promise.all(Array.from({ length: STARTS_AT_ONCE }, work));
  }

  #siteAt(publicPorts: ReadonlyMap<string, number>, authority: string | undefined): Site {
    const gateways = this.apps.filter(({ kind }) => kind === 'gateway').map(({ name }) => name);
    const origins = [...publicPorts].map(([name, port]) => [name, `https://localhost:${port}`] as const);
    const issuer = origins.find(([name]) => !gateways.includes(name))?.[1] ?? '';
    const services = this.apps.filter(({ kind }) => kind === 'service');
    const placesOf = ({ name }: App) =>
      this.#slots.filter(({ app }) => app.name === name).map(({ port }) => `127.0.0.1:${port}`);
    return {
      ...{ secrets: makeSecrets(gateways), origins: Object.fromEntries(origins), issuer, authority },
      addresses: Object.fromEntries(services.map((app) => [app.name, placesOf(app).join(',')])),
      ...{ databaseUrl: this.database.url, databasePrefix: this.database.prefix },
      ...{ redisUrl: this.redis.url, proxies: '127.0.0.1' },
    };
  }

  #frontend({ name }: App, publicPorts: ReadonlyMap<string, number>) {
    const own = this.#slots.filter(({ app }) => app.name === name);
    return {
      name,
      bind: `127.0.0.1:${publicPorts.get(name)}`,
      instances: own.map(({ port, adminPort }) => ({
        address: `127.0.0.1:${port}`,
        admin: `127.0.0.1:${adminPort}`,
      })),
    };
  }

  #ownEnv({ app }: Slot): Env {
    if (app.kind === 'gateway') return { DRAIN_DELAY_MS: String(DRAIN_DELAY_MS) };
    return app.kind === 'service' ? { DATABASE_POOL_SIZE: '4' } : {};
  }

  async #isInUse({ name, app, adminPort }: Slot): Promise<void> {
    if (app.kind === 'service') return this.#isConnected(app);
    await eventually(async () => (await instancesInRotation(this.#socket)).includes(name), PATIENCE);
    if (app.kind === 'gateway') await eventually(() => isFine(adminPort), PATIENCE);
  }

  /** Every gateway that runs and calls it has each of its running instances. */
  async #isConnected(service: App): Promise<void> {
    const running = this.#slots.filter(({ app, process }) => app === service && process !== undefined).length;
    const callers = this.#slots.filter(
      ({ app, process }) =>
        app.kind === 'gateway' && app.needs.includes(service.name) && process !== undefined,
    );
    for (const { adminPort } of callers)
      await eventually(async () => (await instancesReady(adminPort, service.name)) >= running, PATIENCE);
  }

  #slot(name: string): Slot {
    const slot = this.#slots.find((each) => each.name === name);
    if (slot === undefined) throw new Error(`There is no ${name}`);
    return slot;
  }

  #log(name: string): WriteStream {
    const open = this.#logs.get(name) ?? createWriteStream(join(LOGS, `${name}.log`));
    this.#logs.set(name, open);
    return open;
  }

  get #socket(): string {
    return join(this.#folder, 'haproxy.sock');
  }
}

/** Of all processes; kept, so that what failed can be looked at. */
export const LOGS = join(workspaceRoot, '.facet', 'logs', 'rollout');

async function isFine(adminPort: number): Promise<boolean> {
  const { ok } = await fetch(`http://127.0.0.1:${adminPort}/health/ready`).catch(() => ({ ok: false }));
  return ok;
}

async function instancesReady(adminPort: number, service: string): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${adminPort}/metrics`).catch(() => undefined);
  const line = new RegExp(
    `^facet_upstream_instances\\{[^}]*rpc_service="${service}"[^}]*state="ready"[^}]*\\} (\\d+)`,
    'm',
  );
  const either = line.exec((await answer?.text()) ?? '') ?? [];
  return Number(either[1] ?? 0);
}
