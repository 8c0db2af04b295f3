import type { Tree } from '@nx/devkit';
import { publishedPorts } from './compose.js';
import { contractPackages } from './contract.js';
import { addRow, hasTable, removeRow, rowsOf } from './table.js';

/** Where the ports of development are listed; a workspace may have no such page. */
export const DOCS = 'docs/architecture.md';
const PORTS = ['app', 'public', 'admin'];

export interface Taken {
  readonly name: string;
  readonly port: number;
}

/**
 * The ports that the workspace uses beside its apps': what containers publish, what the table of ports names, and
 * where services listen that run elsewhere.
 */
export function portsTaken(tree: Tree): readonly Taken[] {
  const rows = hasTable(tree, DOCS, PORTS) ? rowsOf(tree, DOCS, PORTS) : [];
  const named = rows.flatMap(([name = '', ...cells]) =>
    cells.flatMap((cell) => cell.match(/\d{4,5}/g) ?? []).map((port) => ({ name, port: Number(port) })),
  );
  const elsewhere = contractPackages(tree).flatMap(({ module: name, port }) =>
    port === undefined ? [] : [{ name, port }],
  );
  return [...publishedPorts(tree), ...named, ...elsewhere];
}

/** Adds an app to the list of ports, after the last that `after` picks. */
export function nameInPorts(
  tree: Tree,
  row: readonly string[],
  after: (cells: readonly string[]) => boolean,
): void {
  if (hasTable(tree, DOCS, PORTS)) addRow(tree, DOCS, PORTS, row, after);
}

export function removeFromPorts(tree: Tree, name: string): void {
  if (hasTable(tree, DOCS, PORTS)) removeRow(tree, DOCS, PORTS, (first) => first === name);
}
