import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { workspaceRoot } from '../apps.js';

/** A package that an app ships, as the lock file knows it. */
export interface Shipped {
  readonly name: string;
  readonly version: string;
  /** From the workspace's root: `node_modules/zod`, `libs/gateway`. */
  readonly folder: string;
  /** Whether it is of the workspace. */
  readonly isOwn: boolean;
  /** As npm writes it down: `sha512-…`. */
  readonly integrity?: string;
  /** An SPDX expression; undefined where the package does not say. */
  readonly license?: string;
  /** The folders of those that it needs itself. */
  readonly needs: readonly string[];
}

interface Locked {
  readonly name?: string;
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly integrity?: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

type Lock = Readonly<Record<string, Locked>>;

/**
 * What an app ships: its own package and all that it depends on at run time, by the lock file. Packages of the workspace name what
 * they import in their own package.json, so a gateway ships no database driver.
 *
 * @throws Error where the lock file does not have what a package depends on
 */
export function shippedBy(app: string, root = workspaceRoot): readonly Shipped[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Lock;
  };
  const found = new Map<string, Shipped>();
  const visit = (folder: string): void => {
    if (found.has(folder)) return;
    const locked = packages[folder];
    if (locked === undefined) throw new Error(`package-lock.json has no ${folder}: run npm install`);
    const needs = needsOf(folder, packages);
    found.set(folder, { ...describe(folder, locked, root), needs });
    needs.forEach(visit);
  };
  visit(`apps/${app}`);
  return [...found.values()].sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

function describe(folder: string, locked: Locked, root: string): Omit<Shipped, 'needs'> {
  const isOwn = !folder.includes('node_modules/');
  const name = locked.name ?? folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const license = locked.license ?? licenseIn(join(root, isOwn ? '' : folder));
  return {
    ...{ name, folder, isOwn, version: locked.version ?? '' },
    ...(locked.integrity === undefined ? {} : { integrity: locked.integrity }),
    ...(license === undefined ? {} : { license }),
  };
}

/** Old packages have it in another form, and the lock file then says nothing. The workspace's own have the root's. */
function licenseIn(folder: string): string | undefined {
  try {
    const { license, licenses } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      license?: string | { type?: string };
      licenses?: readonly { type?: string }[];
    };
    if (typeof license === 'string') return license;
    return license?.type ?? licenses?.map(({ type }) => type).join(' OR ');
  } catch {
    return undefined;
  }
}

function needsOf(folder: string, packages: Lock): readonly string[] {
  const {
    dependencies,
    optionalDependencies,
    peerDependencies = {},
    peerDependenciesMeta = {},
  } = packages[folder] ?? {};
  const required = Object.keys({ ...dependencies, ...peerDependencies }).filter(
    (name) => peerDependenciesMeta[name]?.optional !== true && optionalDependencies?.[name] === undefined,
  );
  return [
    ...required.map((name) => {
      const at = resolve(name, folder, packages);
      if (at !== undefined) return at;
      throw new Error(`package-lock.json does not have ${name}, which ${folder} depends on: run npm install`);
    }),
    ...Object.keys(optionalDependencies ?? {}).flatMap((name) => resolve(name, folder, packages) ?? []),
  ];
}

/** As Node looks for it: in the nearest `node_modules` on the way up. */
function resolve(name: string, from: string, packages: Lock): string | undefined {
  for (let folder = from; ; folder = posix.dirname(folder)) {
    const at = posix.join(folder === '.' ? '' : folder, 'node_modules', name);
    const locked = packages[at];
    if (locked !== undefined) return locked.link === true ? locked.resolved : at;
    if (folder === '.' || folder === '') return undefined;
  }
}
