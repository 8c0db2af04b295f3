import { formatFiles, type Tree } from '@nx/devkit';
import { createTree } from '@nx/devkit/testing';
import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  addContainer,
  addGatewayVariable,
  removeContainer,
  removeGatewayVariable,
} from '../src/registration/compose.js';
import { addToJsonList, removeFromJsonList } from '../src/registration/json.js';
import { addElement, listNamed, removeElement } from '../src/registration/source.js';
import { contentOf } from './tree.js';

let tree: Tree;
beforeEach(() => {
  tree = createTree();
});

describe('a list in JSON', () => {
  const add = () => addToJsonList(tree, 'list.json', ['list'], 'c');
  const remove = (value: string) => removeFromJsonList(tree, 'list.json', ['list'], value);

  test.each([
    ['in a line', '{ "list": ["a", "b"] }', '{ "list": ["a", "b", "c"] }'],
    ['that is empty', '{ "list": [] }', '{ "list": ["c"] }'],
    [
      'with comments',
      '{\n  "list": [\n    // first\n    "a", // A\n    /* second */ "b" // B\n    // end\n  ]\n}',
      '{\n  "list": [\n    // first\n    "a", // A\n    /* second */ "b", // B\n"c"\n    // end\n  ]\n}',
    ],
  ])('%s is added to and taken from, and nothing else of it changes', (_, before, after) => {
    tree.write('list.json', before);
    add();
    expect(contentOf(tree, 'list.json')).toBe(after);
    remove('c');
    expect(contentOf(tree, 'list.json')).toBe(before);
  });

  test.each([
    ['a', '[\n  // third\n  "c" // C\n]'],
    ['c', '[\n  // first\n  "a" // A\n]'],
  ])('loses with "%s" the comments that are about it alone', (value, after) => {
    tree.write('list.json', '{ "list": [\n  // first\n  "a", // A\n  // third\n  "c" // C\n] }');
    remove(value);
    expect(contentOf(tree, 'list.json')).toBe(`{ "list": ${after} }`);
  });
});

describe('a list in TypeScript', () => {
  const before = 'const list = [\n  // first\n  a, // A\n  b, // B\n  // end\n];\n';

  test.each([
    ['at its end', undefined, 'const list = [\n  // first\n  a, // A\n  b, // B\n  c,\n  // end\n];\n'],
    ['before another', 'b', 'const list = [\n  // first\n  a, // A\n  c,\n  b, // B\n  // end\n];\n'],
    ['before the first', 'a', 'const list = [\n  c,\n  // first\n  a, // A\n  b, // B\n  // end\n];\n'],
  ])('is added to %s, and its comments stay where they were', async (_, next, after) => {
    tree.write('list.ts', before);
    addElement(tree, 'list.ts', listNamed('list'), 'c', (text) => text === next);
    await formatFiles(tree);
    expect(contentOf(tree, 'list.ts')).toBe(after);
    removeElement(tree, 'list.ts', listNamed('list'), (text) => text === 'c');
    await formatFiles(tree);
    expect(contentOf(tree, 'list.ts')).toBe(before);
  });

  test('in a line is added to and taken from', () => {
    tree.write('list.ts', 'const list = [a, /* B */ b];\n');
    addElement(tree, 'list.ts', listNamed('list'), 'c', (text) => text === 'b');
    expect(contentOf(tree, 'list.ts')).toBe('const list = [a, c, /* B */ b];\n');
    removeElement(tree, 'list.ts', listNamed('list'), (text) => text === 'b');
    expect(contentOf(tree, 'list.ts')).toBe('const list = [a, c];\n');
  });
});

describe('docker-compose.yml', () => {
  const before = `# about the file

x-gateway-environment: &gateway-environment
  A: a:1 # about A
    # more about A

services:
  # the first
  a:
    image: a # about its image
    # PORT=1 is its default

  # below the services
networks: {}
`;

  test('is added to behind the comments of what was last, and is as it was without what was added', () => {
    tree.write('docker-compose.yml', before);
    addContainer(tree, '  b:\n    image: b');
    addGatewayVariable(tree, 'B', 'b:2');
    const after = contentOf(tree, 'docker-compose.yml');
    expect(after).toContain('  A: a:1 # about A\n    # more about A\n  B: b:2\n');
    expect(after).toContain('    # PORT=1 is its default\n\n  b:\n    image: b\n\n  # below the services\n');
    removeContainer(tree, 'b');
    removeGatewayVariable(tree, 'B');
    expect(contentOf(tree, 'docker-compose.yml')).toBe(before);
  });

  test('loses with a container the comments right above it', () => {
    tree.write(
      'docker-compose.yml',
      before.replace('\n\n  # below', '\n\n  # about b\n  # in two lines\n  b: {}\n\n  # below'),
    );
    removeContainer(tree, 'b');
    expect(contentOf(tree, 'docker-compose.yml')).toBe(before);
  });
});
