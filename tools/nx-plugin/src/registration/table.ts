import type { Tree } from '@nx/devkit';
import { Refusal } from '../refusal.js';
import { textOf } from './json.js';

/** Adds a row to the Markdown table whose header begins so, after the last row that `after` picks, else at its end. */
export function addRow(
  tree: Tree,
  file: string,
  header: readonly string[],
  row: readonly string[],
  after: (cells: readonly string[]) => boolean = () => true,
): void {
  const { lines, rows, top } = tableOf(tree, file, header);
  const last = rows.filter(({ cells }) => after(cells)).at(-1) ?? rows.at(-1);
  // Below its header and the line under that, where it has no rows yet.
  const line = last === undefined ? top + 2 : last.line + 1;
  tree.write(file, lines.toSpliced(line, 0, `| ${row.join(' | ')} |`).join('\n'));
}

export function removeRow(
  tree: Tree,
  file: string,
  header: readonly string[],
  is: (first: string) => boolean,
): void {
  const { lines, rows } = tableOf(tree, file, header);
  const at = rows.find(({ cells: [first = ''] }) => is(first));
  if (at !== undefined) tree.write(file, lines.toSpliced(at.line, 1).join('\n'));
}

/** Whether there is such a table: somebody may have written the file anew. */
export function hasTable(tree: Tree, file: string, header: readonly string[]): boolean {
  return tree.exists(file) && topOf(textOf(tree, file).split('\n'), header) >= 0;
}

/** The cells of each row. */
export function rowsOf(tree: Tree, file: string, header: readonly string[]): readonly (readonly string[])[] {
  return tableOf(tree, file, header).rows.map(({ cells }) => cells);
}

function tableOf(tree: Tree, file: string, header: readonly string[]) {
  const lines = textOf(tree, file).split('\n');
  const top = topOf(lines, header);
  if (top < 0) throw new Refusal(`${file} has no table of ${header.join(', ')}`);
  const length = lines.slice(top).findIndex((line) => !line.startsWith('|'));
  const rows = lines
    .slice(top + 2, length < 0 ? undefined : top + length)
    .map((line, index) => ({ cells: cellsOf(line), line: top + 2 + index }));
  return { lines, rows, top };
}

function topOf(lines: readonly string[], header: readonly string[]): number {
  return lines.findIndex((line) => {
    const cells = cellsOf(line);
    return header.every((cell, index) => cells[index] === cell);
  });
}

function cellsOf(line: string): readonly string[] {
  return line.startsWith('|')
    ? line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim())
    : [];
}
