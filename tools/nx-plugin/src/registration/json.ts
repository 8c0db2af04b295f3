import type { Tree } from '@nx/devkit';
import { applyEdits, modify, parse, type JSONPath } from 'jsonc-parser';
import { Refusal } from '../refusal.js';

const formatting = { formattingOptions: { insertSpaces: true, tabSize: 2 } };

/** Sets one value in a JSON file; the rest of it, comments too, stays as it is. Undefined takes it out. */
export function setJson(tree: Tree, file: string, path: JSONPath, value: unknown): void {
  const text = textOf(tree, file);
  tree.write(file, applyEdits(text, modify(text, path, value, formatting)));
}

/** Adds to the end of a list, unless it is there. */
export function addToJsonList(tree: Tree, file: string, path: JSONPath, value: unknown): void {
  const list = listAt(tree, file, path);
  if (list.some((each) => isSame(each, value))) return;
  const text = textOf(tree, file);
  const options = { ...formatting, isArrayInsertion: true };
  tree.write(file, applyEdits(text, modify(text, [...path, list.length], value, options)));
}

export function removeFromJsonList(tree: Tree, file: string, path: JSONPath, value: unknown): void {
  const list = listAt(tree, file, path);
  const kept = list.filter((each) => !isSame(each, value));
  // The whole list: taken out alone, the last element of one that stands in a line leaves its comma.
  if (kept.length < list.length) setJson(tree, file, path, kept);
}

function listAt(tree: Tree, file: string, path: JSONPath): readonly unknown[] {
  let value: unknown = parse(textOf(tree, file));
  for (const key of path) value = (value as Record<string | number, unknown> | undefined)?.[key];
  if (Array.isArray(value)) return value;
  throw new Refusal(`${file} has no list at ${path.join('.')}`);
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export function textOf(tree: Tree, file: string): string {
  const text = tree.read(file, 'utf8');
  if (text === null) throw new Refusal(`${file} is not there`);
  return text;
}
