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
import { addExport, removeExport } from './source.js';
import { addRow, removeRow } from './table.js';

export const CONTRACTS_INDEX = 'libs/contracts/src/index.ts';
const DOCS = 'docs/architecture.md';
const PORTS = ['app', 'public', 'admin'];

/** The files in which a service is registered beside its own. */
export const SERVICE_FILES = [
  'tsconfig.json',
  'package-lock.json',
  COMPOSE_FILE,
  CONTRACTS_INDEX,
  DOCS,
] as const;

export interface Service {
  readonly name: string;
  /** The constant that its contract is. */
  readonly value: string;
  readonly port: number;
}

/** Registers a service wherever the others are. */
export function registerService(tree: Tree, { name, value, port }: Service): void {
  const folder = `apps/${name}`;
  addToJsonList(tree, 'tsconfig.json', ['references'], { path: `./${folder}` });
  addToLockFile(tree, folder, readJson<Record<string, unknown>>(tree, `${folder}/package.json`));
  addContainer(
    tree,
    `  ${name}:
    <<: *service
    build: { context: ., args: { APP: ${name} } }
    environment: { PORT: ${port}, ADMIN_PORT: ${port + 1}, DATABASE_URL: *database-url }`,
  );
  addGatewayVariable(tree, addressesOf(name), `${name}:${port}`);
  addExport(tree, CONTRACTS_INDEX, `export { ${value} } from './${name}.js';`);
  const isService = (cells: readonly string[]) => cells[1]?.startsWith('TCP') === true;
  addRow(tree, DOCS, PORTS, [name, `TCP ${port}`, String(port + 1)], isService);
}

export function unregisterService(tree: Tree, name: string): void {
  const folder = `apps/${name}`;
  removeFromJsonList(tree, 'tsconfig.json', ['references'], { path: `./${folder}` });
  removeFromLockFile(tree, folder);
  removeContainer(tree, name);
  removeGatewayVariable(tree, addressesOf(name));
  removeExport(tree, CONTRACTS_INDEX, `./${name}.js`);
  removeRow(tree, DOCS, PORTS, (first) => first === name);
}

const addressesOf = (name: string): string => `${name.toUpperCase()}_ADDRESSES`;
