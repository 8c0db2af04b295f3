import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { addressesVariable, readApps, workspaceRoot, type App } from '@facet/dev';
import type { GatewayConfigReader } from '@facet/gateway';

/** An app as it runs in a cluster. The development issuer is none. */
export interface Workload {
  readonly name: string;
  readonly kind: 'gateway' | 'service';
  /** Where it is called; its admin port is the next one. */
  readonly port: number;
  readonly protocol: 'http' | 'tcp';
  /** The services that it calls: those that a gateway's configuration names. */
  readonly upstreams: readonly Upstream[];
  /** Whether it calls addresses outside: a gateway its issuer, a service the receivers of webhooks. */
  readonly callsOutside: boolean;
  /** How long it goes on serving after it was asked to stop, in milliseconds. */
  readonly drainDelayMs: number;
}

export interface Upstream {
  readonly name: string;
  readonly port: number;
  /** What tells the gateway where its instances are. */
  readonly variable: string;
}

/** The gateways and services of the workspace, by port. */
export async function workloads(): Promise<readonly Workload[]> {
  const apps = readApps().filter(({ kind }) => kind !== 'identity');
  const gateways = [];
  for (const app of apps.filter(({ kind }) => kind === 'gateway')) gateways.push(await gatewayOf(app));
  const kinds = Object.assign({}, ...gateways.map(({ kinds }) => kinds)) as Readonly<Record<string, string>>;
  const services = apps
    .filter(({ kind }) => kind === 'service')
    .map((app) => serviceOf(app, kinds[app.name]));
  return [...gateways.map(({ workload }) => workload), ...services];
}

/** As its own configuration describes it, in production. */
async function gatewayOf({ name, port }: App) {
  const file = pathToFileURL(join(workspaceRoot, `apps/${name}/src/${name}.config.ts`)).href;
  const { config } = (await import(file)) as { readonly config: GatewayConfigReader };
  const {
    services,
    kinds = {},
    http,
  } = config.load({ NODE_ENV: 'production', TRUSTED_PROXIES: '10.0.0.0/8' });
  const upstreams = Object.entries(services).flatMap(([service, [address]]) =>
    address === undefined
      ? []
      : [{ name: service, port: portOf(address), variable: addressesVariable(service) }],
  );
  const workload: Workload = {
    ...{ name, kind: 'gateway', port, protocol: 'http', upstreams },
    ...{ callsOutside: true, drainDelayMs: http.drainDelayMs },
  };
  return { workload, kinds };
}

const portOf = (address: string): number => Number(address.slice(address.lastIndexOf(':') + 1));

const serviceOf = ({ name, port, callsOutside = false }: App, kind = 'tcp'): Workload => ({
  ...{ name, kind: 'service', port, protocol: kind === 'http' ? 'http' : 'tcp', upstreams: [] },
  ...{ callsOutside, drainDelayMs: 0 },
});
