import { idsIn } from '@facet/contracts';
import { formatFiles, generateFiles, type GeneratorCallback, type Tree } from '@nx/devkit';
import type { ZodType } from 'zod';
import { finish } from '../finish.js';
import { namesOf, type Names } from '../names.js';
import { Refusal } from '../refusal.js';
import { COMPOSE_FILE } from '../registration/compose.js';
import { contractOf, registerContract, type WorkspacePackage } from '../registration/contract.js';
import { addAddresses, placeFrom, type Place } from '../registration/place.js';
import { own, pruneReferences, templates } from '../scope.js';
import { contractsOf, portFor, refuseDirty, refuseTaken } from '../workspace.js';
import type { Described } from './model.js';
import { Notes } from './notes.js';
import { describedFrom } from './source.js';
import { writeContract, type Writing, type Written } from './write.js';

export interface ContractOptions {
  readonly name: string;
  /** Where the service listens in development. */
  readonly port?: number;
  /** Where it is, beside development: `10.0.0.5:8080`; or its port there. */
  readonly address?: string;
  /** `nest` where it is behind a broker. What speaks HTTP says so in its operations. */
  readonly kind?: 'tcp' | 'nest';
  /** What the contract is written from: `openapi:./users.yaml`. By default it has a first few operations to be edited. */
  readonly from?: string;
  /** Whether everybody may ask for all of it. By default no client may, until the contract says who. */
  readonly open?: boolean;
}

/** The files in which a contract is registered beside its own. */
export const CONTRACT_FILES = ['tsconfig.json', 'package-lock.json', COMPOSE_FILE] as const;

/**
 * Makes the package of a contract, for a service that runs elsewhere.
 *
 * @throws Refusal, before anything is changed
 */
export async function contract(tree: Tree, options: ContractOptions): Promise<GeneratorCallback> {
  const names = namesOfService(options.name);
  refuseTaken(tree, names.file);
  refuseDirty(tree, CONTRACT_FILES);
  const place = placedBy(tree, options);
  if (options.from !== undefined)
    return fromDescription(tree, names, { ...options, place, from: options.from });
  const made = firstContract(tree, names, place);
  registerContract(tree, made);
  addAddresses(tree, names.file, place);
  await formatFiles(tree);
  const hint = `Say in ${made.folder}/src/${names.file}.ts what the service answers; a gateway asks it with: npx nx g @facet/nx-plugin:aggregation <name> --bff=<gateway> --parts=${names.value}.list`;
  return finish(tree, { packages: [made], hint });
}

/** Where the service is, and in which way it can be reached. */
interface ContractPlace extends Place {
  readonly port: number;
  readonly kind: 'tcp' | 'nest';
}

function placedBy(tree: Tree, { kind = 'tcp', port, address }: ContractOptions): ContractPlace {
  if (kind !== 'tcp' && kind !== 'nest')
    throw new Refusal(
      `--kind is one of tcp, nest, not "${kind as string}"; what speaks HTTP says so in its operations`,
    );
  if (address !== undefined && (port !== undefined || kind === 'nest'))
    throw new Refusal(
      `--address says where the service is: leave ${kind === 'nest' ? '--kind=nest' : '--port'} out`,
    );
  const place = address === undefined ? {} : placeFrom(address);
  return { ...place, kind, port: portFor(tree, 'service', place.port ?? port) };
}

async function fromDescription(
  tree: Tree,
  names: Names,
  {
    from,
    place,
    open: isOpen = false,
  }: ContractOptions & { readonly from: string; readonly place: ContractPlace },
): Promise<GeneratorCallback> {
  const notes = new Notes();
  const described = await describedFrom(from, { root: tree.root, service: names.file, notes });
  const known = await entitiesKnown(tree);
  const written = writtenOf(described, { name: names.file, value: names.value, known, isOpen, notes });
  const made = contractOf(tree, names.file);
  const title = described.title ?? names.file;
  const variables = {
    names,
    name: names.file,
    contract: made,
    place,
    isOpen,
    title,
    source: from,
    lines: notes.lines(20),
    ...own(tree),
  };
  generateFiles(tree, templates('contract/files'), made.folder, variables);
  generateFiles(tree, templates('contract/described'), made.folder, variables);
  pruneReferences(tree, made.folder);
  tree.write(`${made.folder}/src/${names.file}.ts`, written.contract);
  tree.write(`${made.folder}/src/index.ts`, written.index);
  if (written.schemas !== undefined) tree.write(`${made.folder}/src/schemas.ts`, written.schemas);
  registerContract(tree, made);
  addAddresses(tree, names.file, place);
  await formatFiles(tree);
  return finish(tree, {
    packages: [made],
    tested: made,
    hint: hintOf(described, made, notes),
    warning: isOpen ? undefined : TO_DECIDE,
  });
}

function writtenOf(described: Described, writing: Writing): Written {
  try {
    return writeContract(described, writing);
  } catch (error) {
    if ((error as Error).name !== 'RangeError') throw error;
    throw new Refusal(`${described.source}: what it describes is nested too deep to be written`);
  }
}

const TO_DECIDE =
  'No client may ask for any of it yet. Say in the contract, operation by operation, who may: "access: closed" is what to replace.';

function hintOf({ operations, address }: Described, { folder }: WorkspacePackage, notes: Notes): string {
  const queries = operations.filter(({ kind }) => kind === 'query').length;
  const lines = notes.lines(3).map((line) => `- ${line}`);
  const count = `${folder}: ${queries} queries and ${operations.length - queries} commands`;
  const said = address === undefined ? [] : [`The description says that the service is at ${address}`];
  return [count, ...said, ...(lines.length === 0 ? [] : ['What the author has to know:', ...lines])].join(
    '\n',
  );
}

/** The entities that contracts of the workspace have ids of. */
async function entitiesKnown(tree: Tree): Promise<ReadonlySet<string>> {
  const operations = Object.values(await contractsOf(tree)).flatMap((each) => Object.values(each));
  const found = operations.flatMap(({ input, output }) => [
    ...idsIn(input as ZodType),
    ...idsIn(output as ZodType, 'output'),
  ]);
  return new Set(['customer', ...found.flatMap(({ entity }) => entity ?? [])]);
}

/** @throws Refusal where a service cannot be called so */
export function namesOfService(typed: string): Names {
  const names = namesOf(typed, 'a service');
  if (!names.file.endsWith('bff')) return names;
  throw new Refusal(`"${names.file}" cannot be the name of a service: it would be taken for a gateway`);
}

/** A contract with a first few operations. `place` where the service is no app of the workspace. */
export function firstContract(tree: Tree, names: Names, place?: ContractPlace): WorkspacePackage {
  const contract = contractOf(tree, names.file);
  const variables = { names, name: names.file, contract, place, ...own(tree) };
  for (const folder of ['files', 'first'])
    generateFiles(tree, templates(`contract/${folder}`), contract.folder, variables);
  pruneReferences(tree, contract.folder);
  return contract;
}
