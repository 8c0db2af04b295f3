import { formatFiles, generateFiles, type GeneratorCallback, type Tree } from '@nx/devkit';
import { finish } from '../finish.js';
import { namesOf, type Names } from '../names.js';
import { Refusal } from '../refusal.js';
import { contractOf, registerContract, type WorkspacePackage } from '../registration/contract.js';
import { own, pruneReferences, templates } from '../scope.js';
import { portFor, refuseDirty, refuseTaken } from '../workspace.js';

export interface ContractOptions {
  readonly name: string;
  /** Where the service listens in development. */
  readonly port?: number;
}

/** The files in which a contract is registered beside its own. */
export const CONTRACT_FILES = ['tsconfig.json', 'package-lock.json'] as const;

/**
 * Makes the package of a contract, for a service that runs elsewhere.
 *
 * @throws Refusal, before anything is changed
 */
export async function contract(tree: Tree, options: ContractOptions): Promise<GeneratorCallback> {
  const names = namesOfService(options.name);
  refuseTaken(tree, names.file);
  refuseDirty(tree, CONTRACT_FILES);
  const made = writeContract(tree, names, portFor(tree, 'service', options.port));
  registerContract(tree, made);
  await formatFiles(tree);
  const hint = `Say in ${made.folder}/src/${names.file}.ts what the service answers; a gateway asks it with: npx nx g @facet/nx-plugin:aggregation <name> --bff=<gateway> --parts=${names.value}.list`;
  return finish(tree, { packages: [made], hint });
}

/** @throws Refusal where a service cannot be called so */
export function namesOfService(typed: string): Names {
  const names = namesOf(typed, 'a service');
  if (!names.file.endsWith('bff')) return names;
  throw new Refusal(`"${names.file}" cannot be the name of a service: it would be taken for a gateway`);
}

/** `port` where the service is no app of the workspace. */
export function writeContract(tree: Tree, names: Names, port?: number): WorkspacePackage {
  const contract = contractOf(tree, names.file);
  const files = templates('contract/files');
  generateFiles(tree, files, contract.folder, { names, name: names.file, contract, port, ...own(tree) });
  pruneReferences(tree, contract.folder);
  return contract;
}
