import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { createTree } from '@nx/devkit/testing';
import { renameScope } from '../src/index.js';
import { copyWorkspace, type Copy } from './copy.js';

jest.setTimeout(900_000);

let copy: Copy;
beforeAll(async () => {
  copy = await copyWorkspace();
});
afterAll(() => copy?.remove());

/** Asked of a tree of its own, so that nothing is written. */
const asked = (scope: string) => {
  const tree = createTree();
  tree.root = copy.root;
  return renameScope(tree, { scope }).then(() => tree.listChanges().map(({ path }) => path));
};

/** The sources of a gateway, a service and the generators, with all that they import: without what was built before. */
const CHECKED = {
  extends: './tsconfig.base.json',
  compilerOptions: { noEmit: true, composite: false, declaration: false, declarationMap: false },
  include: ['apps/web-bff/src', 'apps/catalog/src', 'apps/notes/src', 'tools/nx-plugin/src'],
  exclude: ['**/*.spec.ts'],
};

test.each([
  ['Acme!', '"Acme!" cannot be a scope: use lower-case words with hyphens between'],
  ['nestjs', '@nestjs is the scope of @nestjs/common, which is installed from elsewhere'],
])('a workspace is not renamed to %s', async (scope, message) => {
  await expect(asked(scope)).rejects.toThrow(message);
});

test('a renamed workspace names its old scope nowhere, resolves its packages, and compiles', async () => {
  await copy.generate('rename-scope', 'acme');
  const left = await copy.run('git', 'grep', '--name-only', '--fixed-strings', '@facet/').catch(() => '');
  expect(left).toBe('');
  expect(existsSync(join(copy.root, 'node_modules/@acme/gateway/package.json'))).toBe(true);
  expect(existsSync(join(copy.root, 'node_modules/@facet'))).toBe(false);
  writeFileSync(join(copy.root, '.tsconfig.renamed.json'), JSON.stringify(CHECKED));
  await copy.node('typescript/bin/tsc', '--project', '.tsconfig.renamed.json');
  rmSync(join(copy.root, '.tsconfig.renamed.json'));
  await copy.commit('renamed');
  expect(await copy.nx('generate', '@acme/nx-plugin:bff', 'kiosk', '--dry-run')).toContain(
    'CREATE apps/kiosk-bff/src/main.ts',
  );
  expect(await copy.nx('generate', '@acme/nx-plugin:rename-scope', '@acme')).toContain(
    'The scope is @acme already',
  );
  expect((await copy.run('git', 'status', '--porcelain')).trim()).toBe('');
});
