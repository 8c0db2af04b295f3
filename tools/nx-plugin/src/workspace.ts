import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readJson, type Tree } from '@nx/devkit';
import { filesIn } from './folder.js';
import { Refusal } from './refusal.js';
import { contractPackages, type WorkspacePackage } from './registration/contract.js';
import type { Place } from './registration/place.js';
import { portsTaken } from './registration/ports.js';

export type AppKind = 'gateway' | 'service' | 'identity';

/** An app as its `project.json` registers it. */
export interface App {
  readonly name: string;
  readonly kind: AppKind;
  readonly port: number;
  /** The apps that `nx serve` starts beside it. */
  readonly needs: readonly string[];
}

interface ProjectFile {
  readonly name: string;
  readonly metadata?: {
    readonly facet?: { readonly kind: AppKind; readonly port: number; readonly needs?: readonly string[] };
  };
}

export function appsOf(tree: Tree): readonly App[] {
  return tree
    .children('apps')
    .map((folder) => `apps/${folder}/project.json`)
    .filter((file) => tree.exists(file))
    .flatMap((file): App[] => {
      const { name, metadata } = readJson<ProjectFile>(tree, file);
      return metadata?.facet === undefined ? [] : [{ name, needs: [], ...metadata.facet }];
    })
    .sort((a, b) => a.port - b.port);
}

/** @throws Refusal naming the apps of that kind that there are */
export function appNamed(tree: Tree, name: string, kind: AppKind): App {
  const apps = appsOf(tree).filter((app) => app.kind === kind);
  const found = apps.find((app) => app.name === name);
  if (found !== undefined) return found;
  throw new Refusal(`there is no ${kind} "${name}"; there are ${apps.map((app) => app.name).join(', ')}`);
}

/** @throws Refusal where something of that name is there */
export function refuseTaken(tree: Tree, name: string): void {
  // The client of a gateway is called like it, and is no other package of that name.
  const domains = tree
    .children('libs')
    .filter((domain) => domain !== 'clients')
    .map((domain) => `libs/${domain}/${name}`);
  const taken = [
    ...[`apps/${name}`, `libs/${name}`, `tools/${name}`].filter(
      (folder) => tree.exists(`${folder}/project.json`) || filesIn(tree, folder).length > 0,
    ),
    ...domains.filter((folder) => tree.exists(`${folder}/project.json`)),
  ][0];
  if (taken !== undefined) throw new Refusal(`"${name}" is taken: ${taken} is there`);
}

/** Where a service is in development. */
export interface Placed extends Place {
  readonly port: number;
  readonly isHere: boolean;
  /** Whether it is behind a broker: then it has no port. */
  readonly isBehindBroker?: boolean;
  /** Of its contract, where it is to be kept there: nobody had said yet where the service is. */
  readonly folder?: string;
}

/**
 * The port of a service in development: of its app or, where it runs elsewhere, what its contract's `project.json` or
 * `told` says.
 *
 * @throws Refusal where none does
 */
export function placeOf(tree: Tree, service: string, told: ReadonlyMap<string, Place> = new Map()): Placed {
  const app = appsOf(tree).find(({ name, kind }) => name === service && kind === 'service');
  if (app !== undefined) return { port: app.port, isHere: true };
  const contract = contractPackages(tree).find(({ folder }) => folder.endsWith(`/${service}`));
  if (contract === undefined) return { port: appNamed(tree, service, 'service').port, isHere: true };
  if (contract.isBehindBroker === true) return { port: 0, isHere: false, isBehindBroker: true };
  if (contract.port !== undefined) return { port: contract.port, isHere: false };
  const place = told.get(service) ?? told.get('');
  if (place !== undefined) {
    return { port: portFor(tree, 'service'), ...place, isHere: false, folder: contract.folder };
  }
  throw new Refusal(`"${service}" is no app here: say where it listens, as in --address=${service}=4090`);
}

/** The services among these of which nobody has said yet where they are. */
export const unplaced = (tree: Tree, services: readonly string[]): readonly string[] => {
  const apps = new Set(appsOf(tree).map(({ name }) => name));
  const contracts = contractPackages(tree);
  return services.filter((service) => {
    const contract = contracts.find(({ folder }) => folder.endsWith(`/${service}`));
    return (
      !apps.has(service) &&
      contract !== undefined &&
      contract.port === undefined &&
      contract.isBehindBroker !== true
    );
  });
};

const RANGES = { gateway: { first: 3000, last: 3890 }, service: { first: 4010, last: 4990 } } as const;

/**
 * The next port that is free with the one after it, in tens; or the one that is asked for.
 *
 * @throws Refusal naming who has a port that is asked for
 */
export function portFor(tree: Tree, kind: keyof typeof RANGES, asked?: number): number {
  const apps = appsOf(tree);
  const others = portsTaken(tree);
  const ownerOf = (port: number) =>
    (apps.find((app) => [app.port, app.port + 1].includes(port)) ?? others.find((each) => each.port === port))
      ?.name;
  const isFree = (port: number) => ownerOf(port) === undefined && ownerOf(port + 1) === undefined;
  if (asked !== undefined) {
    if (!Number.isInteger(asked) || asked < 1_024 || asked > 65_534) {
      throw new Refusal(
        `port ${asked} cannot be: choose one from 1024 to 65534, or none for the next that is free`,
      );
    }
    const taken = [asked, asked + 1].find((port) => ownerOf(port) !== undefined);
    if (taken === undefined) return asked;
    const which = taken === asked ? `port ${asked}` : `port ${taken}, the admin port beside ${asked},`;
    throw new Refusal(
      `${which} is taken by ${ownerOf(taken)}: choose another, or none for ${portFor(tree, kind)}`,
    );
  }
  const { first, last } = RANGES[kind];
  for (let port = first; port <= last; port += 10) if (isFree(port)) return port;
  throw new Refusal(`no port is free from ${first} to ${last}: say which with --port`);
}

/**
 * @throws Refusal naming those of `files` that have changes which are not committed: a generator's own could not be told
 * from them
 */
export function refuseDirty(tree: Tree, files: readonly string[]): void {
  if (!existsSync(join(tree.root, '.git'))) return;
  const options = { cwd: tree.root, encoding: 'utf8' } as const;
  const changed = execFileSync('git', ['status', '--porcelain', '--', ...files], options)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.slice(3));
  if (changed.length > 0) {
    throw new Refusal(
      `commit or put away your changes first: ${changed.join(', ')} would be edited and is not committed`,
    );
  }
}

/** A service's operation, as much as generators read of it. */
export interface Operation {
  /** The package that exports the service's contract. */
  readonly module: string;
  readonly service: string;
  readonly name: string;
  readonly pattern: string;
  readonly kind: 'query' | 'command';
  readonly summary: string;
  readonly input: Schema;
  readonly output: Schema;
  readonly byIds?: { readonly ids: string; readonly items: string; readonly key: string };
  readonly freshness?: { readonly ttlMs: number };
  readonly http?: object;
  readonly access?: {
    readonly scopes?: readonly string[];
    readonly roles?: readonly string[];
    readonly owner?: string | { readonly anybody: string };
    readonly gatewayOnly?: boolean;
  };
}

/** A zod schema, from the workspace's own zod. */
export interface Schema {
  safeParse(value: unknown): { readonly success: boolean; readonly error?: { readonly message: string } };
}

/** What the contracts of the workspace promise, by service. */
export type Contracts = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

/** Reads the contracts as they stand in the source. */
export async function contractsOf(tree: Tree): Promise<Contracts> {
  const found = await Promise.all(contractPackages(tree).map((each) => servicesOf(tree, each)));
  return Object.fromEntries(found.flat());
}

async function servicesOf(tree: Tree, { folder, module }: WorkspacePackage) {
  const exported = await exportsOf(tree, folder);
  return Object.values(exported)
    .filter(isContract)
    .map((operations) => {
      const all = Object.values(operations).map((each) => [each.name, { ...each, module }] as const);
      return [all[0]?.[1].service ?? '', Object.fromEntries(all)] as const;
    });
}

/** What a package of the tree exports; nothing where it has no index. */
async function exportsOf(tree: Tree, folder: string): Promise<Readonly<Record<string, unknown>>> {
  const index = 'src/index.ts';
  const isNew = tree
    .listChanges()
    .some(({ path, type }) => path.startsWith(`${folder}/`) && type !== 'DELETE');
  if (!isNew) {
    const file = join(tree.root, folder, index);
    return existsSync(file) ? load(file) : {};
  }
  // Node imports files: what is only in the tree yet is written beside the workspace's own, where its imports are found.
  const copy = mkdtempSync(join(ignored(tree.root), 'contract-'));
  try {
    for (const file of filesIn(tree, `${folder}/src`)) {
      const target = join(copy, file.slice(folder.length + 1));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, tree.read(file, 'utf8') ?? '');
    }
    return await load(join(copy, index));
  } finally {
    rmSync(copy, { recursive: true });
  }
}

const load = (file: string) => import(pathToFileURL(file).href) as Promise<Readonly<Record<string, unknown>>>;

/** A folder of the workspace that git does not see. */
function ignored(root: string): string {
  const folder = join(root, '.facet');
  mkdirSync(folder, { recursive: true });
  return folder;
}

function isContract(value: unknown): value is Readonly<Record<string, Operation>> {
  if (typeof value !== 'object' || value === null) return false;
  const all = Object.values(value) as (Partial<Operation> | null)[];
  return all.length > 0 && all.every((each) => typeof each?.pattern === 'string' && each.input);
}

/** How a gateway's configuration places a service: one whose contract says its requests speaks HTTP. */
export function configuredAt(
  operations: Contracts[string],
  { port, isBehindBroker = false }: Placed,
): string {
  if (isBehindBroker) return `{ kind: 'nest' }`;
  const all = Object.values(operations ?? {});
  const isHttp = all.length > 0 && all.every(({ http }) => http !== undefined);
  return isHttp ? `{ kind: 'http', port: ${port} }` : String(port);
}
