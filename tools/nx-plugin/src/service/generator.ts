import { fileURLToPath } from 'node:url';
import { formatFiles, generateFiles, type GeneratorCallback, type Tree } from '@nx/devkit';
import ts from 'typescript';
import { finish } from '../finish.js';
import { namesOf } from '../names.js';
import { Refusal } from '../refusal.js';
import { CONTRACTS_INDEX, registerService, SERVICE_FILES } from '../registration/service.js';
import { textOf } from '../registration/json.js';
import { portFor, refuseDirty, refuseTaken } from '../workspace.js';

export interface ServiceOptions {
  readonly name: string;
  readonly port?: number;
}

/**
 * Makes a microservice with contract, database, migration, seed and specs, and registers it wherever the others are.
 *
 * @throws Refusal, before anything is changed
 */
export async function service(tree: Tree, options: ServiceOptions): Promise<GeneratorCallback> {
  const names = namesOf(options.name, 'a service');
  const { file: name } = names;
  if (name.includes('-') || name.endsWith('bff')) {
    throw new Refusal(
      `"${name}" cannot be the name of a service: it is one word, e.g. "wishlists", and no gateway`,
    );
  }
  refuseTaken(tree, name);
  const contract = `libs/contracts/src/${name}.ts`;
  if (tree.exists(contract)) throw new Refusal(`"${name}" is taken: ${contract} is there`);
  if (exportedFrom(tree, CONTRACTS_INDEX).includes(names.value)) {
    throw new Refusal(`"${name}" is taken: ${CONTRACTS_INDEX} exports something of that name`);
  }
  const port = portFor(tree, 'service', options.port);
  refuseDirty(tree, SERVICE_FILES);

  const variables = { names, name, port, prefix: name.slice(0, 3) };
  generateFiles(tree, files('files'), `apps/${name}`, variables);
  generateFiles(tree, files('contract'), 'libs/contracts/src', variables);
  registerService(tree, { name, value: names.value, port });
  await formatFiles(tree);
  const hint = `npx nx serve ${name}; a gateway asks it with: npx nx g @facet/nx-plugin:aggregation <name> --bff=<gateway> --parts=${names.value}.list`;
  return finish(tree, { app: name, reviewed: [], hint });
}

/** The names that a file exports from others. */
function exportedFrom(tree: Tree, file: string): readonly string[] {
  const { statements } = ts.createSourceFile(file, textOf(tree, file), ts.ScriptTarget.Latest);
  return statements
    .filter(ts.isExportDeclaration)
    .flatMap(({ exportClause }) =>
      exportClause !== undefined && ts.isNamedExports(exportClause) ? exportClause.elements : [],
    )
    .map(({ name }) => name.text);
}

const files = (folder: string): string => fileURLToPath(new URL(folder, import.meta.url));
