import type { Tree } from '@nx/devkit';
import { isMap, isScalar, parseDocument, type Document, type Pair, type YAMLMap } from 'yaml';
import { Refusal } from '../refusal.js';
import { textOf } from './json.js';

export const COMPOSE_FILE = 'docker-compose.yml';

/** Adds a container after the last one; `text` is YAML, indented as it stands among the others. */
export function addContainer(tree: Tree, text: string): void {
  const { source, map } = mapAt(tree, ['services']);
  const end = lineAfter(source, endOf(map.items.at(-1), source));
  tree.write(COMPOSE_FILE, `${source.slice(0, end)}\n${text.trimEnd()}\n${source.slice(end)}`);
}

export function removeContainer(tree: Tree, name: string): void {
  const { source, map } = mapAt(tree, ['services']);
  const pair = pairNamed(map, name);
  if (pair === undefined) return;
  const from = lineOf(source, startOf(pair));
  const to = lineAfter(source, endOf(pair, source));
  // With the blank line before it.
  const before = source.slice(0, from).replace(/\n\n$/, '\n');
  tree.write(COMPOSE_FILE, before + source.slice(to));
}

/** Tells all gateways where a service is. */
export function addGatewayVariable(tree: Tree, name: string, value: string): void {
  const { source, map } = mapAt(tree, ['x-gateway-environment']);
  const end = lineAfter(source, endOf(map.items.at(-1), source));
  tree.write(COMPOSE_FILE, `${source.slice(0, end)}  ${name}: ${value}\n${source.slice(end)}`);
}

export function removeGatewayVariable(tree: Tree, name: string): void {
  const { source, map } = mapAt(tree, ['x-gateway-environment']);
  const pair = pairNamed(map, name);
  if (pair === undefined) return;
  const from = lineOf(source, startOf(pair));
  tree.write(COMPOSE_FILE, source.slice(0, from) + source.slice(lineAfter(source, endOf(pair, source))));
}

interface Found {
  readonly source: string;
  readonly map: YAMLMap;
}

function mapAt(tree: Tree, path: readonly string[]): Found {
  const source = textOf(tree, COMPOSE_FILE);
  const document: Document = parseDocument(source, { merge: true });
  const map = document.getIn(path, true);
  if (document.errors.length > 0 || !isMap(map)) {
    throw new Refusal(
      `${COMPOSE_FILE} has no ${path.join('.')}: ${document.errors[0]?.message ?? 'it is missing'}`,
    );
  }
  return { source, map };
}

function pairNamed(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find(({ key }) => isScalar(key) && key.value === name);
}

function startOf({ key }: Pair): number {
  return (key as { range?: readonly number[] }).range?.[0] ?? 0;
}

/** Where a pair's value ends, without what stands after it. */
function endOf(pair: Pair | undefined, source: string): number {
  const range = (pair?.value as { range?: readonly number[] } | null | undefined)?.range;
  const end = range?.[1] ?? source.length;
  // A block's range reaches over the line break that ends it.
  return source[end - 1] === '\n' ? end - 1 : end;
}

function lineOf(source: string, at: number): number {
  return source.lastIndexOf('\n', at) + 1;
}

function lineAfter(source: string, at: number): number {
  const end = source.indexOf('\n', at);
  return end < 0 ? source.length : end + 1;
}
