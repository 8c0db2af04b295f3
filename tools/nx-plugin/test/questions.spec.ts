import { beforeEach, expect, jest, test } from '@jest/globals';
import type { Tree } from '@nx/devkit';
import { aggregation, bff, complete } from '../src/index.js';
import type { Ask, Choice } from '../src/questions.js';
import { contentOf, workspaceTree, describeSamples } from './tree.js';

jest.setTimeout(120_000);

let tree: Tree;
let offered: Record<string, readonly string[]>;
beforeEach(async () => {
  tree = await workspaceTree();
  offered = {};
});

/** Somebody who answers the questions so; an answer that is not offered fails. */
function answering(answers: Readonly<Record<string, string | readonly string[]>>): Ask {
  const answerTo = (message: string, choices: readonly Choice[]) => {
    offered[message] = choices.map(({ value }) => value);
    const answer = answers[message];
    for (const each of [answer].flat()) expect(offered[message]).toContain(each);
    return Promise.resolve(answer as never);
  };
  return {
    text: (message, problemOf) => {
      const answer = answers[message] as string;
      expect(problemOf(answer)).toBeUndefined();
      expect(problemOf('No Name')).toMatch(/^"No Name" cannot be the name of .* e\.g\. "no-name"$/);
      return Promise.resolve(answer);
    },
    one: answerTo,
    several: answerTo,
  };
}

describeSamples('who gives no name is asked', () => {
  test('of a gateway for its client, the ways to sign in that there are, and the services that there are', async () => {
    const asked = await complete.bff(
      tree,
      {},
      answering({
        'What is it called?': 'kiosk',
        'For which kind of client?': 'mobile',
        'How do callers sign in?': 'bearer',
        'Which services may it call?': ['catalog', 'inventory'],
      }),
    );
    expect(asked).toEqual({ name: 'kiosk', client: 'mobile', auth: 'bearer', services: 'catalog,inventory' });
    expect(offered['How do callers sign in?']).toEqual(['bearer', 'session', 'api-key']);
    expect(offered['Which services may it call?']).toContain('recommendations');
  });

  test('of an aggregation for the gateways and the queries that there are', async () => {
    const asked = await complete.aggregation(
      tree,
      {},
      answering({
        'What is it called?': 'showcase',
        'Of which gateway?': 'mobile-bff',
        'Which queries is it made from?': ['catalog.featured', 'inventory.levels'],
        'Which of them can it do without?': ['inventory.levels'],
      }),
    );
    expect(asked).toEqual({
      name: 'showcase',
      bff: 'mobile-bff',
      parts: 'catalog.featured,inventory.levels?',
    });
    expect(offered['Of which gateway?']).toEqual(['web-bff', 'mobile-bff', 'partner-bff']);
    const queries = offered['Which queries is it made from?'] ?? [];
    expect(queries).not.toContain('inventory.reserve');
    expect(queries).not.toContain('accounts.apiKeys');
    await aggregation(tree, asked);
    expect(contentOf(tree, 'apps/mobile-bff/src/showcase/showcase.aggregation.ts')).toContain(
      'catalog.featured',
    );
  });

  test('what is to be taken out, of all that generators have made', async () => {
    await bff(tree, { name: 'kiosk' });
    const question = 'What is to be taken out?';
    expect(await complete.remove(tree, {}, answering({ [question]: 'home of kiosk-bff' }))).toEqual({
      name: 'home',
      bff: 'kiosk-bff',
    });
    expect(offered[question]).toEqual(expect.arrayContaining(['kiosk-bff', 'catalog']));
    expect(offered[question]).not.toContain('identity');
    expect(await complete.remove(tree, { bff: 'kiosk-bff' }, answering({ [question]: 'home' }))).toEqual({
      name: 'home',
      bff: 'kiosk-bff',
    });
  });
});

describeSamples('a name', () => {
  test('who gives a name is asked for nothing that has a default', async () => {
    expect(await complete.bff(tree, { name: 'kiosk' }, answering({}))).toEqual({ name: 'kiosk' });
    expect(await complete.service(tree, { name: 'gifts' }, answering({}))).toEqual({ name: 'gifts' });
  });
});

describeSamples('no terminal', () => {
  test('where nobody can be asked, what is missing is said with a command that has it', async () => {
    await expect(complete.bff(tree, {})).rejects.toThrow('nx g @facet/nx-plugin:bff kiosk');
    await expect(complete.aggregation(tree, { name: 'showcase' })).rejects.toThrow(
      'of which gateway it is (web-bff, mobile-bff, partner-bff), and its parts: nx g @facet/nx-plugin:aggregation showcase --bff=web-bff --parts=catalog.featured',
    );
    await expect(complete.service(tree, {})).rejects.toThrow('nx g @facet/nx-plugin:service wishlists');
    await expect(complete.contract(tree, {})).rejects.toThrow('nx g @facet/nx-plugin:contract stock');
    await expect(complete.remove(tree, {})).rejects.toThrow('nx g @facet/nx-plugin:remove kiosk-bff');
  });
});
