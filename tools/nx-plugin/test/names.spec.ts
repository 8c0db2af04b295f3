import { beforeAll, expect, jest, test } from '@jest/globals';
import type { Tree } from '@nx/devkit';
import ts from 'typescript';
import { aggregation, bff, service } from '../src/index.js';
import { namesOf } from '../src/names.js';
import { changesOf, contentOf, describeSamples, workspaceTree } from './tree.js';

jest.setTimeout(120_000);

let tree: Tree;
/** The files of what was made whose paths match. */
const made = (path: RegExp): readonly string[] =>
  Object.keys(changesOf(tree)).filter((file) => path.test(file) && file.endsWith('.ts'));

/** What a file declares, imports among it: everywhere in it, or at its top alone. */
function declaredIn(file: string, isTopAlone: boolean): readonly string[] {
  const source = ts.createSourceFile(file, contentOf(tree, file), ts.ScriptTarget.Latest, true);
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (isDeclaration(node) && node.name !== undefined && ts.isIdentifier(node.name))
      names.push(node.name.text);
    if (!isTopAlone || !ts.isFunctionLike(node)) ts.forEachChild(node, visit);
  };
  visit(source);
  return names.filter((name) => /^[a-z]/.test(name));
}

const isDeclaration = (node: ts.Node) =>
  ts.isImportSpecifier(node) ||
  ts.isImportClause(node) ||
  ts.isVariableDeclaration(node) ||
  ts.isBindingElement(node) ||
  ts.isParameter(node) ||
  ts.isFunctionDeclaration(node);

/** `checkBudget` is what `check-budget` is in code. */
const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** As the names of services are. */
const isOneWord = (name: string): boolean => /^[a-z]+$/.test(name);

/** Those that are accepted as names, so that what is called so would stand in the way of what is there. */
function accepted(declared: readonly string[], what: 'a service' | 'an aggregation'): readonly string[] {
  const names = new Set(declared);
  return [...names].filter((name) => {
    try {
      return namesOf(kebab(name), what).value === name;
    } catch {
      return false;
    }
  });
}

describeSamples('no name is taken that stands in the way of', () => {
  beforeAll(async () => {
    tree = await workspaceTree();
    await service(tree, { name: 'wishlists' });
    const parts = 'catalog.featured,inventory.levels?,orders.order?';
    await aggregation(tree, { name: 'showcase', bff: 'mobile-bff', parts });
  });

  test('what a service’s files declare', () => {
    const files = made(/^(apps|libs\/domain)\/wishlists/);
    expect(files.length).toBeGreaterThan(6);
    const declared = files.flatMap((file) => declaredIn(file, false)).filter(isOneWord);
    expect(declared).toContain('timestamp');
    expect(accepted(declared, 'a service')).toEqual(['wishlists']);
  });

  test('what an aggregation’s files declare, where they speak of it', () => {
    const declared = made(/\/showcase\//).flatMap((file) =>
      declaredIn(file, file.endsWith('showcase.aggregation.ts')),
    );
    expect(declared).toEqual(expect.arrayContaining(['checkBudget', 'ownCustomer', 'sampleCaller']));
    const services = ['catalog', 'inventory', 'orders'];
    // A service's contract gets another name there.
    expect(accepted(declared, 'an aggregation').filter((name) => !services.includes(name))).toEqual([
      'showcase',
      'showcaseAnswer',
    ]);
  });

  test('what an aggregation’s files declare beside the services that they ask', () => {
    const declared = made(/\/showcase\/.*aggregation/).flatMap((file) => declaredIn(file, true));
    expect(accepted([...declared.filter(isOneWord), 'contract'], 'a service')).toEqual([
      'catalog',
      'inventory',
      'orders',
      'showcase',
    ]);
  });
});

test.each(['item', 'page', 'seed', 'world', 'count', 'shown', 'visitor', 'jest', 'axios', 'describe'])(
  'a service is not called %s',
  async (name) => {
    await expect(service(await workspaceTree(), { name })).rejects.toThrow(
      `"${name}" means something else here`,
    );
  },
);

describeSamples('a name of its own', () =>
  test.each(['own-customer', 'check-budget', 'failure-matrix', 'sample-caller', 'request'])(
    'an aggregation is not called %s',
    async (name) => {
      const asked = aggregation(await workspaceTree(), { name, bff: 'web-bff', parts: 'catalog.featured' });
      await expect(asked).rejects.toThrow(`"${name}" means something else here`);
    },
  ),
);

test.each([
  ['x-', '"x-" cannot be the name of a gateway'],
  ['', '"" cannot be the name of a gateway'],
  ['-bff', '"-bff" cannot be the name of a gateway'],
  ['mobile-bff-bff', '"mobile-bff-bff" cannot be the name of a gateway: -bff is there twice'],
])('a gateway is not called "%s"', async (name, message) => {
  await expect(bff(await workspaceTree(), { name })).rejects.toThrow(message);
});

test('a service may be called as a word of TypeScript that is no reserved one', async () => {
  tree = await workspaceTree();
  await service(tree, { name: 'json' });
  await service(tree, { name: 'from' });
  for (const name of ['json', 'from']) {
    const index = contentOf(tree, `libs/domain/${name}/src/index.ts`);
    expect(index).toContain(`export { ${name}, ${name}Id } from './${name}.js';`);
  }
});
