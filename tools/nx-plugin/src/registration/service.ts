import { readJson, type Tree } from '@nx/devkit';
import {
  addContainer,
  addGatewayVariable,
  COMPOSE_FILE,
  removeContainer,
  removeGatewayVariable,
} from './compose.js';
import { addToJsonList, removeFromJsonList } from './json.js';
import { addToLockFile, removeFromLockFile } from './lock-file.js';
import { contractOf, registerContract, unregisterContract } from './contract.js';
import { addressesOf } from './place.js';
import { DOCS, nameInPorts, removeFromPorts } from './ports.js';
import { addTarget, removeTarget, TARGETS } from './targets.js';

/** The files in which a service is registered beside its own. */
export const SERVICE_FILES = [
  'tsconfig.json',
  'package-lock.json',
  COMPOSE_FILE,
  TARGETS.service,
  DOCS,
] as const;

export interface Service {
  readonly name: string;
  readonly port: number;
}

/** Registers a service wherever the others are. */
export function registerService(tree: Tree, { name, port }: Service): void {
  const folder = `apps/${name}`;
  addToJsonList(tree, 'tsconfig.json', ['references'], { path: `./${folder}` });
  addToLockFile(tree, folder, readJson<Record<string, unknown>>(tree, `${folder}/package.json`));
  addContainer(
    tree,
    `  ${name}:
    <<: *service
    build: { context: ., args: { APP: ${name} } }
    environment: { NODE_ENV: development, PORT: ${port}, ADMIN_PORT: ${port + 1}, DATABASE_URL: *database-url }`,
  );
  addGatewayVariable(tree, addressesOf(name), `${name}:${port}`);
  registerContract(tree, contractOf(tree, name));
  addTarget(tree, 'service', { name, port });
  const isService = (cells: readonly string[]) => cells[1]?.startsWith('TCP') === true;
  nameInPorts(tree, [name, `TCP ${port}`, String(port + 1)], isService);
}

export function unregisterService(tree: Tree, name: string): void {
  const folder = `apps/${name}`;
  removeFromJsonList(tree, 'tsconfig.json', ['references'], { path: `./${folder}` });
  removeFromLockFile(tree, folder);
  removeContainer(tree, name);
  removeGatewayVariable(tree, addressesOf(name));
  removeTarget(tree, 'service', name);
  unregisterContract(tree, contractOf(tree, name));
  removeFromPorts(tree, name);
}
