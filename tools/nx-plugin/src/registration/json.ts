import type { Tree } from '@nx/devkit';
import {
  applyEdits,
  findNodeAtLocation,
  getNodeValue,
  modify,
  parseTree,
  type JSONPath,
  type Node,
} from 'jsonc-parser';
import { Refusal } from '../refusal.js';
import { withElement, withoutElement, type Written } from './list.js';

/** Edits of JSON by its syntax tree; what is not edited stays as it is, comments too. Formatting is left to the formatter. */

/** Adds to the end of a list, unless it is there. */
export function addToJsonList(tree: Tree, file: string, path: JSONPath, value: unknown): void {
  const { written, values } = listAt(tree, file, path);
  if (values.some((each) => isSame(each, value))) return;
  tree.write(file, withElement(written, JSON.stringify(value, null, 2)));
}

export function removeFromJsonList(tree: Tree, file: string, path: JSONPath, value: unknown): void {
  const { written, values } = listAt(tree, file, path);
  const index = values.findIndex((each) => isSame(each, value));
  if (index >= 0) tree.write(file, withoutElement(written, index));
}

/** Takes out what stands under a key, and the key. */
export function removeFromJson(tree: Tree, file: string, path: JSONPath): void {
  const text = textOf(tree, file);
  tree.write(file, applyEdits(text, modify(text, path, undefined, {})));
}

function listAt(tree: Tree, file: string, path: JSONPath) {
  const text = textOf(tree, file);
  const root = parseTree(text);
  const list = root === undefined ? undefined : findNodeAtLocation(root, path);
  if (list?.type !== 'array') throw new Refusal(`${file} has no list at ${path.join('.')}`);
  const nodes: readonly Node[] = list.children ?? [];
  const elements = nodes.map(({ offset, length }) => ({ start: offset, end: offset + length }));
  const written: Written = { text, open: list.offset + 1, elements };
  return { written, values: nodes.map((node): unknown => getNodeValue(node)) };
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export function textOf(tree: Tree, file: string): string {
  const text = tree.read(file, 'utf8');
  if (text === null) throw new Refusal(`${file} is not there`);
  return text;
}
