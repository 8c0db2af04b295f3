import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@facet/database';

export { workspaceRoot };

const kinds = ['service', 'gateway', 'identity'] as const;
export type AppKind = (typeof kinds)[number];

/** An app of the workspace, as its own `project.json` describes it. */
export interface App {
  readonly name: string;
  readonly kind: AppKind;
  /** In development; the admin port is the one after it. */
  readonly port: number;
  /** The apps it calls, which `nx serve` starts beside it. */
  readonly needs: readonly string[];
  /** Whether it calls addresses that others give it, as receivers of webhooks are: of a service. */
  readonly callsOutside?: boolean;
  /** A call to try first: of a gateway. */
  readonly firstCall?: FirstCall;
}

export interface FirstCall {
  /** E.g. `/api/home`. */
  readonly path: string;
  /** What `npm run token` is to be asked, where the path is not public: `--client partner`. */
  readonly token?: string;
}

interface ProjectFile {
  readonly name?: string;
  readonly metadata?: { readonly facet?: Record<string, unknown> };
}

/** Every app under `apps/` that can be started, by port. Throws where one is described wrongly. */
export function readApps(root: string = workspaceRoot): readonly App[] {
  const folder = join(root, 'apps');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).map((name) => join(folder, name, 'project.json'));
  const apps = files.filter((file) => existsSync(file)).map(readApp);
  return refuseUnknownNeeds(apps.filter((app) => app !== undefined).sort((a, b) => a.port - b.port));
}

/** The one called `name`; the error names those there are. */
export function findApp(name: string, apps: readonly App[] = readApps()): App {
  const app = apps.find((candidate) => candidate.name === name);
  if (app !== undefined) return app;
  throw new Error(`There is no app "${name}"; there are ${apps.map((known) => known.name).join(', ')}`);
}

/** An app with all that it needs, and that those need, in the order of their ports. */
export function withNeeds(app: App, apps: readonly App[]): readonly App[] {
  const found = new Set<App>();
  const visit = (each: App): void => {
    if (found.has(each)) return;
    found.add(each);
    for (const needed of each.needs) visit(findApp(needed, apps));
  };
  visit(app);
  return apps.filter((each) => found.has(each));
}

/** The variable that tells where a service's instances are: `CATALOG_ADDRESSES` for `catalog`. */
export const addressesVariable = (service: string): string => variable(service, 'ADDRESSES');

/** The variable that tells the issuer where browsers find a gateway: `WEB_BFF_ORIGIN`. */
export const originVariable = (gateway: string): string => variable(gateway, 'ORIGIN');

/** The variable that gives an app another port in development: `WEB_BFF_PORT` for `web-bff`. */
export const portVariable = (app: string): string => variable(app, 'PORT');

/** An app's port in development: the one its variable names, else its own. */
export function portOf({ name, port }: App, env: NodeJS.ProcessEnv): number {
  const text = env[portVariable(name)];
  if (text === undefined || text === '') return port;
  const wanted = Number(text);
  if (Number.isInteger(wanted) && wanted > 0 && wanted < 65_535) return wanted;
  throw new Error(`${portVariable(name)} is "${text}", expected a port number from 1 to 65534`);
}

/** What an app needs to know in development: its own ports and where the others are. */
export function developmentEnv(
  app: App,
  apps: readonly App[],
  env: NodeJS.ProcessEnv,
): Record<string, string> {
  const port = portOf(app, env);
  const variables: Record<string, string> = { PORT: String(port), ADMIN_PORT: String(port + 1) };
  const place = (name: string, address: string): void => void (variables[name] = env[name] ?? address);
  for (const other of apps) {
    const at = portOf(other, env);
    if (other.kind === 'service') place(addressesVariable(other.name), `127.0.0.1:${at}`);
    if (other.kind === 'identity') place('ISSUER_URL', `http://localhost:${at}`);
    if (other.kind === 'gateway') place(originVariable(other.name), `http://localhost:${at}`);
  }
  return variables;
}

export const variable = (app: string, suffix: string): string =>
  `${app.toUpperCase().replaceAll('-', '_')}_${suffix}`;

function readApp(file: string): App | undefined {
  const { name, metadata } = parse(file);
  const facet = metadata?.facet;
  if (name === undefined || facet === undefined) return undefined;
  const kind = kinds.find((known) => known === facet['kind']);
  if (kind === undefined) throw new Error(`${file}: metadata.facet.kind is none of ${kinds.join(', ')}`);
  const port = facet['port'];
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_534) {
    throw new Error(`${file}: metadata.facet.port is not a port number`);
  }
  const needs = listOf(facet['needs']);
  if (needs === undefined) throw new Error(`${file}: metadata.facet.needs is not a list of apps`);
  const callsOutside = facet['callsOutside'] === true;
  return { name, kind, port, needs, callsOutside, firstCall: firstCallOf(facet['try']) };
}

function listOf(described: unknown = []): readonly string[] | undefined {
  const isList = Array.isArray(described) && described.every((each) => typeof each === 'string');
  return isList ? described : undefined;
}

function firstCallOf(described: unknown): FirstCall | undefined {
  if (typeof described !== 'object' || described === null) return undefined;
  const { path, token } = described as Record<string, unknown>;
  if (typeof path !== 'string') return undefined;
  return typeof token === 'string' ? { path, token } : { path };
}

function parse(file: string): ProjectFile {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProjectFile;
  } catch (cause) {
    throw new Error(`${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function refuseUnknownNeeds(apps: readonly App[]): readonly App[] {
  for (const { name, needs } of apps) needs.forEach((needed) => findNeeded(needed, name, apps));
  return apps;
}

function findNeeded(needed: string, by: string, apps: readonly App[]): void {
  if (apps.some(({ name }) => name === needed)) return;
  throw new Error(
    `apps/${by}/project.json: metadata.facet.needs names "${needed}", which is no app that can be started`,
  );
}
