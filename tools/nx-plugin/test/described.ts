import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Operation } from '@facet/contracts';
import { expect } from '@jest/globals';
import type { Tree } from '@nx/devkit';
import { contract } from '../src/index.js';
import { changesOf, contentOf } from './tree.js';

export type Contract = Readonly<Record<string, Operation>>;

/** The sources of a generated contract, by file. */
export const sourcesOf = (tree: Tree, name: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ['index.ts', `${name}.ts`, 'schemas.ts']
      .map((file) => [file, contentOf(tree, `libs/domain/${name}/src/${file}`)] as const)
      .filter(([, text]) => text !== ''),
  );

let count = 0;

/** The contract that was generated, as its package exports it. */
export async function contractIn(tree: Tree, name: string, constant = name): Promise<Contract> {
  const folder = join(tree.root, 'generated', String((count += 1)));
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(sourcesOf(tree, name))) writeFileSync(join(folder, file), text);
  const exported = (await import(pathToFileURL(join(folder, 'index.ts')).href)) as Record<string, Contract>;
  return exported[constant] ?? {};
}

/** The operation of that name, which has to be there. */
export function operationOf(of: Contract, name: string): Operation {
  const found = of[name];
  if (found === undefined) throw new Error(`there is no ${name} among ${Object.keys(of).join(', ')}`);
  return found;
}

/** Refused in one line, and nothing is written. */
export async function expectRefused(tree: Tree, from: string, message: string): Promise<void> {
  const before = changesOf(tree);
  const error = await contract(tree, { name: 'refused', from }).then(
    () => new Error('it was taken'),
    (error: unknown) => error as Error,
  );
  expect(error.message).toContain(message);
  expect(error.message).not.toContain('\n');
  expect(changesOf(tree)).toEqual(before);
}
