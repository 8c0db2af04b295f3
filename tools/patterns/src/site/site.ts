import { randomUUID } from 'node:crypto';
import { generateApiKey, hashApiKey, hintOf } from '@facet/auth';
import { speakAs } from '@facet/auth/assertion';
import { addressesVariable, launchApp, sourceArguments, type AppProcess } from '@facet/dev';
import { accounts } from '@facet/shop-accounts';
import { connectService, databaseEnv, placeOf, startWorld, type World } from '@facet/testing';
import { cpuMs, postgresPid } from './cpu.js';
import { startFront, type FrontServer } from './front.js';
import { freePort } from './free-port.js';
import { HOST, makeCertificate } from './certificate.js';

const FACED = ['catalog', 'inventory', 'recommendations'] as const;
const SERVICES = [...FACED, 'reviews', 'accounts'] as const;
const GATEWAYS = { mobile: 'mobile-bff', web: 'web-bff', partner: 'partner-bff' } as const;
/** A key has a quota, and load reaches it. */
const KEYS = 20;

const GENERAL_FILE = 'tools/patterns/src/site/general/main.ts';

/** Every request is a visitor of its own, no log line for each, and an answer is made each time unless `cached`. */
const env = (cached: boolean) => ({
  TRUSTED_PROXIES: '127.0.0.0/8',
  ANSWER_CACHE: String(cached),
  LOG_LEVEL: 'warn',
});

/** CPU in milliseconds since the start, by what took it. */
export interface Cpu {
  readonly front: number;
  readonly gateways: number;
  readonly services: number;
  readonly database: number;
}

/** All that is called: services, the three kinds of front, and a load balancer that ends TLS. */
export interface Site {
  readonly front: FrontServer;
  /** The authority that clients have to trust, and the name that they expect. */
  readonly tls: { readonly ca: string; readonly host: string };
  /** Keys of partners. */
  readonly keys: readonly string[];
  /** Undefined where the system does not tell. */
  cpu(): Cpu | undefined;
  /** Lets every answer of a service come late; 0 ends it. */
  slow(service: string, ms: number): Promise<void>;
  /** Stops a service so that it answers nothing and refuses nothing, and lets it go on. */
  hang(service: string): void;
  resume(service: string): void;
  kill(service: string): Promise<void>;
  revive(service: string): Promise<void>;
  /** Starts the gateways again, with or without their answer cache. */
  cache(isOn: boolean): Promise<void>;
  stop(): Promise<void>;
}

export async function startSite(): Promise<Site> {
  const faces = new Map<string, number>();
  for (const service of FACED) faces.set(service, await freePort());
  const world = await startWorld({
    services: SERVICES,
    gateways: Object.values(GATEWAYS),
    env: worldEnv(faces),
  });
  const stops: (() => Promise<unknown>)[] = [() => world.stop()];
  const stop = async (): Promise<void> => {
    for (const each of stops.toReversed()) await each();
  };
  try {
    const keys = await issueKeys(world);
    let general = await startGeneral(world, { cached: false });
    stops.push(() => general.stop());
    const certificate = makeCertificate();
    const front = await startFront({
      services: {
        ...Object.fromEntries([...faces].map(([service, port]) => [`/${service}/`, `127.0.0.1:${port}`])),
        '/products/': placeOf(world.process('reviews').addresses) ?? '',
      },
      gateways: { general: hostOf(general), ...ownGateways(world) },
      certificate,
    });
    stops.push(() => front.stop());
    return {
      front,
      tls: { ca: certificate.cert, host: HOST },
      keys,
      cpu: () => cpuOf({ world, front, general }),
      slow: async (service, ms) => {
        await fetch(`http://127.0.0.1:${faces.get(service)}/lab/slow?ms=${ms}`);
      },
      hang: (service) => world.process(service).kill('SIGSTOP'),
      resume: (service) => world.process(service).kill('SIGCONT'),
      kill: async (service) => void (await world.killApp(service)),
      revive: async (service) => void (await world.startApp(service, serviceEnv(faces, service))),
      async cache(isOn) {
        const port = new URL(general.addresses['http'] ?? '').port;
        await general.stop();
        general = await startGeneral(world, { cached: isOn, port });
        await Promise.all(Object.values(GATEWAYS).map((name) => world.restart(name, env(isOn))));
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const FACE = new URL('face.ts', import.meta.url).href;

function worldEnv(faces: ReadonlyMap<string, number>) {
  const services = FACED.map((service) => [service, serviceEnv(faces, service)] as const);
  return { '*': env(false), ...Object.fromEntries(services) };
}

/** A service gets its second face before its own first line runs. */
function serviceEnv(faces: ReadonlyMap<string, number>, service: string): Record<string, string> {
  const port = faces.get(service);
  if (port === undefined) return {};
  const [register = ''] = sourceArguments('').filter((each) => each.startsWith('file:'));
  return { NODE_OPTIONS: `--import=${register} --import=${FACE}`, FACE_PORT: String(port) };
}

async function startGeneral(
  world: World,
  { cached, port = '0' }: { cached: boolean; port?: string },
): Promise<AppProcess> {
  const places = SERVICES.map((service): [string, string | undefined] => [
    addressesVariable(service),
    placeOf(world.process(service).addresses),
  ]);
  return launchApp('general-gateway', {
    file: GENERAL_FILE,
    env: {
      ...{ PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_ENV: 'test', HOST: '127.0.0.1' },
      ...{ PORT: port, ADMIN_PORT: '0', CONSOLE: 'false', ISSUER_URL: 'http://127.0.0.1:1' },
      ...databaseEnv(world.database),
      ...env(cached),
      ...Object.fromEntries(places),
    },
  });
}

const hostOf = ({ addresses }: AppProcess): string => new URL(addresses['http'] ?? '').host;

function ownGateways(world: World): Record<keyof typeof GATEWAYS, string> {
  const hosts = Object.entries(GATEWAYS).map(([front, app]) => [front, hostOf(world.process(app))]);
  return Object.fromEntries(hosts) as Record<keyof typeof GATEWAYS, string>;
}

async function issueKeys(world: World): Promise<readonly string[]> {
  const client = await connectService(world.process('accounts').addresses['tcp'], {
    caller: speakAs('accounts', { roles: ['operator'] }),
  });
  const keys: string[] = [];
  for (let index = 0; index < KEYS; index += 1) {
    const key = generateApiKey();
    await client.call(accounts.issueApiKey, {
      idempotencyKey: randomUUID(),
      ...{ hash: hashApiKey(key) ?? '', hint: hintOf(key), partner: `partner-${index}`, plan: 'bulk' },
      scopes: ['catalog:read', 'inventory:read'],
    });
    keys.push(key);
  }
  client.close();
  return keys;
}

interface Parts {
  readonly world: World;
  readonly front: FrontServer;
  readonly general: AppProcess;
}

function cpuOf({ world, front, general }: Parts): Cpu | undefined {
  const pidOf = (name: string): number => world.process(name).pid;
  const groups = [
    front.pid === 0 ? [] : [front.pid],
    [general.pid, ...Object.values(GATEWAYS).map(pidOf)],
    SERVICES.map(pidOf),
    [postgresPid(new URL(world.database.url).port) ?? 0],
  ];
  const [onFront, onGateways, onServices, onDatabase] = groups.map(cpuMs);
  if (onFront === undefined) return undefined;
  return {
    front: onFront,
    gateways: onGateways ?? 0,
    services: onServices ?? 0,
    database: onDatabase ?? 0,
  };
}
