import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import type { ConsoleReader, GatewayInside, RequestRecord, Route } from '@facet/gateway';
import type { EventMap, EventName, Listener, UpstreamSnapshot } from '@facet/routing';
import { openConsole, type ConsoleOptions } from '../../src/index.js';

/** A gateway's inside whose requests and services are made up. */
export interface MadeUpGateway {
  readonly inside: GatewayInside;
  /** A request ends. True where its record was read. */
  end(record: RequestRecord): boolean;
  emit<K extends EventName>(name: K, event: EventMap[K]): void;
  /** How many listen to an event. */
  listeners(name: EventName): number;
  services: readonly UpstreamSnapshot[];
  /** How many want services' own times. */
  askers: number;
}

export function madeUpGateway(more: Partial<GatewayInside> = {}): MadeUpGateway {
  const heard = new Map<string, Set<Listener<never>>>();
  let reader: ConsoleReader | undefined;
  const routeOf = ({ method, route }: RequestRecord) =>
    more.routes?.find((each) => each.method === method && each.path === route);
  const made: MadeUpGateway = {
    services: [],
    askers: 0,
    end: (ended) => {
      const { status, durationMs, degraded } = ended;
      if (reader?.wants(status, durationMs, degraded.length > 0, routeOf(ended)) !== true) return false;
      reader.read(ended);
      return true;
    },
    emit: (name, event) =>
      heard.get(name)?.forEach((listener) => (listener as (given: unknown) => void)(event)),
    listeners: (name) => heard.get(name)?.size ?? 0,
    inside: {
      name: 'mobile-bff',
      production: false,
      routes: [],
      upstreams: {
        snapshot: () => made.services,
        events: {
          on: (name, listener) => {
            const all = heard.get(name) ?? new Set();
            heard.set(name, all.add(listener));
            return () => all.delete(listener);
          },
        },
      },
      onRecord: (given) => {
        reader = given;
        return () => (reader = undefined);
      },
      askForServerTimes: () => {
        made.askers += 1;
        return () => (made.askers -= 1);
      },
      ...more,
    },
  };
  return made;
}

export interface ServedConsole {
  readonly url: string;
  readonly server: Server;
  stop(): Promise<void>;
}

export async function serveConsole(inside: GatewayInside, options: ConsoleOptions): Promise<ServedConsole> {
  const console = openConsole(inside, options);
  const server = createServer((request, response) => console.pages.answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  console.listening(url);
  return {
    url,
    server,
    stop: async () => {
      await console.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export const services = (count = 4): readonly UpstreamSnapshot[] =>
  [
    service('catalog', [4020, 4022, 4024]),
    service('inventory', [4030, 4032], { health: 'degraded', states: ['ready', 'ejected'] }),
    service('orders', [4040]),
    service('recommendations', [4060, 4062], { breaker: 'half-open', health: 'degraded' }),
    service('accounts', [4010], { health: 'down', states: ['refused'] }),
  ].slice(0, count);

function service(
  name: string,
  at: readonly number[],
  {
    health = 'up',
    breaker = 'closed',
    states = [],
  }: {
    health?: UpstreamSnapshot['health'];
    breaker?: UpstreamSnapshot['breaker'];
    states?: readonly UpstreamSnapshot['instances'][number]['state'][];
  } = {},
): UpstreamSnapshot {
  return {
    service: name,
    health,
    breaker,
    breakers: { closed: 3, 'half-open': 0, open: 0 },
    running: 0,
    queued: 0,
    instances: at.map((port, index) => ({
      address: `127.0.0.1:${port}`,
      state: states[index] ?? 'ready',
      ours: true,
      connections: 2,
      pending: index,
      latencyMs: 4 + index,
      failures: 0,
    })),
  };
}

export const noRoutes: readonly Route[] = [];
