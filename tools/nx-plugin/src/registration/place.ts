import { updateJson, type Tree } from '@nx/devkit';
import { Refusal } from '../refusal.js';
import { addGatewayVariable } from './compose.js';

/** Where a service is that is no app of the workspace. */
export interface Place {
  /** Of this machine, in development. */
  readonly port?: number;
  /** What gateways are told by `USERS_ADDRESSES`, where it is not on this machine. */
  readonly addresses?: string;
}

const EXAMPLES =
  '4090, 10.0.0.5:8080, https://users.internal, dns://users:8080 or srv://users.service.consul';

/**
 * Reads `--address`: a port of this machine, or what the variable of a gateway may hold.
 *
 * @throws Refusal for what is neither
 */
export function placeFrom(text: string): Place {
  const refuse = (what: string): never => {
    throw new Refusal(`--address=${text} ${what}: it is like ${EXAMPLES}`);
  };
  if (/^\d+$/.test(text)) {
    const port = Number(text);
    return port >= 1 && port <= 65_535 ? { port } : refuse('is no port');
  }
  const addresses = text.split(',');
  for (const address of addresses) {
    const url = URL.parse(address.includes('://') ? address : `http://${address}`);
    if (url === null || url.hostname === '') return refuse('is no address');
    if (!['http:', 'https:', 'dns:', 'srv:', 'redis:', 'rediss:'].includes(url.protocol))
      refuse('is no address');
    if (url.username !== '' || url.password !== '') refuse('has credentials');
    if (!['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '') refuse('has a path');
    if (!address.includes('://') && url.port === '' && !address.endsWith(':80')) refuse('has no port');
  }
  const [, port] = /^(?:localhost|127\.0\.0\.1):(\d+)$/.exec(text) ?? [];
  return port === undefined ? { addresses: text } : { port: Number(port) };
}

/** The variable of a gateway with the addresses of a service: `USERS_ADDRESSES`. */
export const addressesOf = (service: string): string =>
  `${service.toUpperCase().replaceAll('-', '_')}_ADDRESSES`;

/**
 * Reads `--address` of several services: `users=4090,mails=10.0.0.5:8080`, or one address for the only service that has none.
 *
 * @throws Refusal for what is no address
 */
export function placesFrom(text: string | undefined): ReadonlyMap<string, Place> {
  if (text === undefined || text === '') return new Map();
  const named = text.split(',').map((each) => /^([a-z][a-z0-9-]*)=(.*)$/.exec(each));
  if (named.every((each) => each === null)) return new Map([['', placeFrom(text)]]);
  return new Map(
    named.map((each, index) => {
      if (each === null)
        throw new Refusal(`--address: ${text.split(',')[index]} names no service: it is like users=4090`);
      return [each[1] ?? '', placeFrom(each[2] ?? '')];
    }),
  );
}

interface Kept extends Place {
  /** Of its contract. */
  readonly folder: string;
  readonly port: number;
}

interface ProjectFile {
  readonly metadata?: { readonly facet?: object };
}

/** Tells the gateways that run in containers where a service is, if it is not on this machine. */
export function addAddresses(tree: Tree, service: string, { addresses }: Place): void {
  if (addresses !== undefined) addGatewayVariable(tree, addressesOf(service), addresses);
}

/** Keeps where a service is: for development in its contract's `project.json`, and for the containers of all gateways. */
export function keepPlace(tree: Tree, service: string, { folder, port, addresses }: Kept): void {
  addAddresses(tree, service, { ...(addresses === undefined ? {} : { addresses }) });
  updateJson<ProjectFile>(tree, `${folder}/project.json`, (project) => ({
    ...project,
    metadata: { ...project.metadata, facet: { ...project.metadata?.facet, port } },
  }));
}
