import { formatFiles, generateFiles, type GeneratorCallback, type Tree } from '@nx/devkit';
import { firstContract, namesOfService } from '../contract/generator.js';
import { finish } from '../finish.js';
import { registerService, SERVICE_FILES } from '../registration/service.js';
import { own, pruneReferences, templates } from '../scope.js';
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
  const names = namesOfService(options.name);
  const { file: name } = names;
  refuseTaken(tree, name);
  const port = portFor(tree, 'service', options.port);
  refuseDirty(tree, SERVICE_FILES);

  const contract = firstContract(tree, names);
  const variables = { ...own(tree), names, name, port, contract, prefix: name.slice(0, 3) };
  generateFiles(tree, templates('service/files'), `apps/${name}`, variables);
  pruneReferences(tree, `apps/${name}`);
  registerService(tree, { name, port });
  await formatFiles(tree);
  const hint = `npx nx serve ${name}; a gateway asks it with: npx nx g @facet/nx-plugin:aggregation <name> --bff=<gateway> --parts=${name}.list`;
  return finish(tree, { app: name, packages: [contract], reviewed: [], hint });
}
