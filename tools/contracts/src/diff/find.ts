import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Json } from '../documents/contract-document.js';
import type { Base } from './base.js';
import type { Change } from './change.js';
import { diffDocuments, operationsOf } from './documents.js';
import { Readers, type Path } from './program.js';
import type { Found, Section } from './report.js';
import { usesOf } from './uses.js';

export type Documents = ReadonlyMap<string, Json>;

interface Options {
  readonly root: string;
  readonly base: Base;
  readonly next: Documents;
  /** Documents that could not be made: they are not compared. */
  readonly missing: readonly string[];
  /** Today, `2026-11-30`. */
  readonly today: string;
}

const isContract = (path: string): boolean => path.endsWith('/contract.json');
const gatewayOf = (path: string): string => path.split('/')[1] as string;

/** All documents in which something is otherwise than at the base. */
export function findChanges({ root, base, next, missing, today }: Options): readonly Section[] {
  const paths = [...new Set([...base.documents, ...next.keys()])]
    .filter((path) => !missing.includes(path))
    .sort();
  // What runs today was built from the base: its endpoints read what they read, whatever the next ones do.
  const gateways = [...base.documents, ...next.keys()]
    .filter((path) => !isContract(path))
    .flatMap((path) =>
      [base.read(path), next.get(path)].flatMap((each) => (each ? [[gatewayOf(path), each] as const] : [])),
    );
  const readers = new Readers(root, modulesOf(root, paths));
  return paths.flatMap((path) => {
    const [was, is] = [base.read(path), next.get(path)];
    if (was === undefined)
      return [{ path, note: `is new: nothing at ${base.name} to compare it with`, found: [] }];
    const reader = isContract(path) ? 'gateway' : 'client';
    const { versions, changes } = diffDocuments(was, is ?? emptyLike(was), { reader, today });
    if (changes.length === 0) return [];
    const note =
      versions[0] === versions[1] ? `version ${versions[0]}` : `version ${versions[0]} → ${versions[1]}`;
    const found = changes.map((change) =>
      meet(change, { root, path, gateways, readers, document: is ?? was }),
    );
    return [{ path, note: is === undefined ? 'is gone' : note, found }];
  });
}

const emptyLike = (document: Json): Json => ({ ...document, paths: {} });

interface Context {
  readonly root: string;
  readonly path: string;
  readonly gateways: readonly (readonly [string, Json])[];
  readonly readers: Readers;
  readonly document: Json;
}

/** Whom a change meets. Nobody has to know of one that breaks nothing. */
function meet(change: Change, { root, path, gateways, readers, document }: Context): Found {
  if (change.level === 'info') return { ...change, uses: [], clients: [], lines: [] };
  const field = change.field.split('.').filter((each) => each !== '');
  const from = isContract(path) ? ofContract(change) : ofGateway(change, document);
  const lines =
    field.length === 0
      ? []
      : from.flatMap((each) => readers.linesOf({ module: moduleOf(path), from: each, field }));
  if (isContract(path)) {
    const asked = change.direction === 'response' ? change.field : undefined;
    return { ...change, uses: usesOf(gateways, change.operation, asked), clients: [], lines };
  }
  const client = clientOf(root, gatewayOf(path));
  return { ...change, uses: [], clients: client === undefined ? [] : [client], lines };
}

function ofContract({ operation, direction }: Change): readonly Path[] {
  return [
    { operation: operation.split('.').slice(1).join('.'), io: direction === 'request' ? 'input' : 'output' },
  ];
}

/** The types of a client: `HomeResponses` by status, and `HomeData` by place. */
function ofGateway({ operation, direction }: Change, document: Json): readonly Path[] {
  const found = [...operationsOf(document).values()].find(({ name }) => name === operation);
  const id = found?.operation['operationId'];
  if (typeof id !== 'string') return [];
  const name = `${id[0]?.toUpperCase()}${id.slice(1)}`;
  if (direction === 'request')
    return ['query', 'body', 'path'].map((place) => ({ type: `${name}Data`, keys: [place] }));
  const statuses = Object.keys((found?.operation['responses'] ?? {}) as Json).filter((each) =>
    each.startsWith('2'),
  );
  return statuses.map((status) => ({ type: `${name}Responses`, keys: [status] }));
}

const moduleOf = (path: string): string =>
  isContract(path) ? join(dirname(path), 'src/index.ts') : `libs/clients/${gatewayOf(path)}/src/models.ts`;

const modulesOf = (root: string, paths: readonly string[]): readonly string[] =>
  paths.map(moduleOf).filter((module) => existsSync(join(root, module)));

function clientOf(root: string, gateway: string): string | undefined {
  const file = join(root, 'libs/clients', gateway, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { name: string }).name : undefined;
}
