import type { Tree } from '@nx/devkit';
import { isMap, isScalar, isSeq, parseDocument, type Document, type Pair, type YAMLMap } from 'yaml';
import { Refusal } from '../refusal.js';
import { textOf } from './json.js';

export const COMPOSE_FILE = 'docker-compose.yml';

/** Adds a container after the last one; `text` is YAML, indented as it stands among the others. Nothing of this is done where there is no such file. */
export function addContainer(tree: Tree, text: string): void {
  if (!tree.exists(COMPOSE_FILE)) return;
  const { source, map } = mapAt(tree, ['services']);
  const end = endOf(map.items.at(-1), source);
  tree.write(COMPOSE_FILE, `${source.slice(0, end)}\n${text.trimEnd()}\n${source.slice(end)}`);
}

export function removeContainer(tree: Tree, name: string): void {
  if (!tree.exists(COMPOSE_FILE)) return;
  const { source, map } = mapAt(tree, ['services']);
  const pair = pairNamed(map, name);
  if (pair === undefined) return;
  // With the comments right above it, and the blank line before it.
  const before = source.slice(0, commentsAbove(source, startOf(pair))).replace(/\n\n$/, '\n');
  tree.write(COMPOSE_FILE, before + source.slice(endOf(pair, source)));
}

/** Tells all gateways where a service is. */
export function addGatewayVariable(tree: Tree, name: string, value: string): void {
  if (!tree.exists(COMPOSE_FILE)) return;
  const { source, map } = mapAt(tree, ['x-gateway-environment']);
  const end = endOf(map.items.at(-1), source);
  tree.write(COMPOSE_FILE, `${source.slice(0, end)}  ${name}: ${value}\n${source.slice(end)}`);
}

export function removeGatewayVariable(tree: Tree, name: string): void {
  if (!tree.exists(COMPOSE_FILE)) return;
  const { source, map } = mapAt(tree, ['x-gateway-environment']);
  const pair = pairNamed(map, name);
  if (pair === undefined) return;
  const from = lineOf(source, startOf(pair));
  tree.write(COMPOSE_FILE, source.slice(0, from) + source.slice(endOf(pair, source)));
}

/** The ports of this machine that containers are reached at: `3990` of `127.0.0.1:3990:3990`. */
export function publishedPorts(tree: Tree): readonly { readonly name: string; readonly port: number }[] {
  if (!tree.exists(COMPOSE_FILE)) return [];
  return mapAt(tree, ['services']).map.items.flatMap(({ key, value }) => {
    const ports: unknown = isMap(value) ? value.get('ports') : undefined;
    if (!isSeq(ports)) return [];
    const published = ports.items.map((each) =>
      isMap(each) ? each.get('published') : /(\d+):\d+(?:\/\w+)?$/.exec(String(each))?.[1],
    );
    return published.map((port) => ({ name: String(key), port: Number(port) }));
  });
}

interface Found {
  readonly source: string;
  readonly map: YAMLMap;
}

function mapAt(tree: Tree, path: readonly string[]): Found {
  const source = textOf(tree, COMPOSE_FILE);
  const document: Document = parseDocument(source, { merge: true });
  const [error] = document.errors;
  // Its message goes on with the lines around the fault.
  if (error !== undefined) throw new Refusal(`${COMPOSE_FILE} is no YAML: ${error.message.split(':\n')[0]}`);
  const map = document.getIn(path, true);
  if (!isMap(map)) throw new Refusal(`${COMPOSE_FILE} has no ${path.join('.')}`);
  return { source, map };
}

function pairNamed(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find(({ key }) => isScalar(key) && key.value === name);
}

function startOf({ key }: Pair): number {
  return (key as { range?: readonly number[] }).range?.[0] ?? 0;
}

/** Behind a pair's last line, and behind the comments below it that are indented deeper than its key. */
function endOf(pair: Pair | undefined, source: string): number {
  if (pair === undefined) return source.length;
  const range = (pair.value as { range?: readonly number[] } | null)?.range;
  const value = range?.[1] ?? source.length;
  // A block's range reaches over the line break that ends it.
  const end = lineAfter(source, source[value - 1] === '\n' ? value - 1 : value);
  const deeper = new RegExp(`(?: {${columnOf(source, startOf(pair)) + 1},}#.*\n)*`, 'y');
  deeper.lastIndex = end;
  deeper.test(source);
  return deeper.lastIndex;
}

/** Where the comments begin that stand right above a key; deeper ones belong to what is before them. */
function commentsAbove(source: string, key: number): number {
  const line = lineOf(source, key);
  const above = new RegExp(`(?<=\n)(?: {0,${columnOf(source, key)}}#.*\n)+$`);
  const [comments = ''] = above.exec(source.slice(0, line)) ?? [];
  return line - comments.length;
}

const columnOf = (source: string, at: number): number => at - lineOf(source, at);

function lineOf(source: string, at: number): number {
  return source.lastIndexOf('\n', at) + 1;
}

function lineAfter(source: string, at: number): number {
  const end = source.indexOf('\n', at);
  return end < 0 ? source.length : end + 1;
}
