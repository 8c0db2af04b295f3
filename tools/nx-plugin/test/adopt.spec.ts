import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Tree } from '@nx/devkit';
import { beforeAll, expect, jest, test } from '@jest/globals';
import { aggregation, bff, contract } from '../src/index.js';
import { sourcesOf } from './described.js';
import { contentOf, describeSamples, workspaceTree } from './tree.js';
import { typeErrors } from './type-check.js';

jest.setTimeout(180_000);

const guide = readFileSync(fileURLToPath(new URL('../../../docs/guides/adopt.md', import.meta.url)), 'utf8');

/** The file that the guide shows below a sentence that names it. */
function fileOf(name: string): string {
  const [, after = ''] = guide.split(`\`${name}\`:`);
  const [, text = ''] = /```\w+\n([^]*?)```/.exec(after) ?? [];
  return text;
}

/** The generators that the guide says one may type, with their options. */
const commands = [...guide.matchAll(/^npx nx g @facet\/nx-plugin:(\w+) (\S+)(.*)$/gm)].map(
  ([, generator = '', name = '', options = '']) => ({
    generator,
    options: {
      name,
      ...Object.fromEntries(
        [...options.matchAll(/--(\w+)=('[^']*'|\S+)/g)].map(([, key = '', value = '']) => [
          key,
          value.replaceAll("'", ''),
        ]),
      ),
    },
  }),
);

const generators = { contract, bff, aggregation } as unknown as Record<
  string,
  (tree: Tree, options: object) => Promise<unknown>
>;

describeSamples('the guide from your services to the first screen', () => {
  let tree: Tree;
  beforeAll(async () => {
    tree = await workspaceTree();
    for (const name of ['users.yaml', 'stock/stock.controller.ts']) {
      const file = join(tree.root, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, fileOf(name));
    }
    for (const { generator, options } of commands) {
      // What the guide says to edit between the contracts and the gateway.
      if (generator === 'bff') open(tree);
      await generators[generator]?.(tree, options);
    }
  });

  /** As the guide's table says who may ask. */
  function open(of: Tree): void {
    const [stock, users] = ['libs/domain/stock/src/stock.ts', 'libs/domain/users/src/users.ts'];
    of.write(
      stock,
      contentOf(of, stock)
        .replaceAll('access: closed,', '')
        .replace(/\/\*\*\n \* Only[^]*?OperationAccess;/, '')
        .replace(', type OperationAccess', ''),
    );
    const [, list = '', one = ''] =
      /`users\.list`[^`]*`([^`]*)`[^`]*`users\.one`[^`]*`([^`]*)`/.exec(guide) ?? [];
    const text = contentOf(of, users).replace('access: closed,', list).replace('access: closed,', one);
    of.write(
      users,
      text.replace(/\/\*\*\n \* Only[^]*?OperationAccess;/, '').replace(', type OperationAccess', ''),
    );
  }

  test('has commands that generators take as they are typed', () => {
    expect(commands.map(({ generator, options }) => `${generator} ${options.name}`)).toEqual([
      ...['contract users', 'contract stock', 'contract mails', 'bff desk', 'aggregation card'],
    ]);
  });

  test('makes the configuration that it shows', () => {
    const [, shown = ''] = /```ts\n(services: [^\n]*),\n```/.exec(guide) ?? [];
    expect(contentOf(tree, 'apps/desk-bff/src/desk-bff.config.ts')).toContain(shown);
  });

  test('makes a first screen and a card over both services, for those who may', () => {
    const home = contentOf(tree, 'apps/desk-bff/src/home/home.aggregation.ts');
    expect(home).toContain(".required('lowest', stock.lowest");
    expect(home).toContain(".optional('list', users.list");
    const routes = contentOf(tree, 'apps/desk-bff/src/routes.ts');
    expect(routes).toContain("route('GET /v1/home', home, { access: { scopes: ['users:read'] }");
    expect(routes).toContain("route('GET /v1/card/:userId', card, {");
  });

  test('makes sources that compile', () => {
    const local = (text: string) => text.replaceAll(/@facet\/domain-(\w+)/g, '../$1/index.js');
    const made = (name: string) => local(contentOf(tree, `apps/desk-bff/src/${name}/${name}.aggregation.ts`));
    const contracts = ['users', 'stock'].flatMap((name) =>
      Object.entries(sourcesOf(tree, name)).map(([file, text]) => [`${name}/${file}`, text] as const),
    );
    const sources = {
      'desk/home.ts': made('home'),
      'desk/card.ts': made('card'),
      ...Object.fromEntries(contracts),
    };
    expect(typeErrors(tree.root, sources)).toEqual([]);
  });
});
