import type { Tree } from '@nx/devkit';
import { publishedPorts } from './compose.js';
import { contractPackages } from './contract.js';
import { rowsOf } from './table.js';

export interface Taken {
  readonly name: string;
  readonly port: number;
}

/**
 * The ports that the workspace uses beside its apps': what containers publish, what the table of ports names, and
 * where services listen that run elsewhere.
 */
export function portsTaken(tree: Tree): readonly Taken[] {
  const named = rowsOf(tree, 'docs/architecture.md', ['app', 'public', 'admin']).flatMap(
    ([name = '', ...cells]) =>
      cells.flatMap((cell) => cell.match(/\d{4,5}/g) ?? []).map((port) => ({ name, port: Number(port) })),
  );
  const elsewhere = contractPackages(tree).flatMap(({ module: name, port }) =>
    port === undefined ? [] : [{ name, port }],
  );
  return [...publishedPorts(tree), ...named, ...elsewhere];
}
