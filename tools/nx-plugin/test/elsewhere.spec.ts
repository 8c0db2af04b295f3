import { fileURLToPath } from 'node:url';
import { readJson, type Tree } from '@nx/devkit';
import { beforeEach, expect, jest, test } from '@jest/globals';
import { aggregation, bff, complete, contract, remove } from '../src/index.js';
import type { Ask } from '../src/questions.js';
import { placeFrom, placesFrom } from '../src/registration/place.js';
import { changesOf, contentOf, describeSamples, workspaceTree } from './tree.js';
import { typeErrors } from './type-check.js';

jest.setTimeout(180_000);

const descriptions = fileURLToPath(new URL('descriptions/', import.meta.url));

let tree: Tree;
beforeEach(async () => {
  tree = await workspaceTree();
});

const petstore = { name: 'petstore', from: `openapi:${descriptions}oai/petstore-expanded.yaml` };
const facetOf = (name: string) =>
  readJson<{ metadata?: { facet: object } }>(tree, `libs/domain/${name}/project.json`).metadata?.facet;

/** A contract of which nobody has said where its service is: as somebody writes one by hand. */
async function unplacedStock(): Promise<void> {
  await contract(tree, { name: 'stock' });
  const file = 'libs/domain/stock/project.json';
  const { metadata: _, ...project } = readJson<Record<string, unknown>>(tree, file);
  tree.write(file, JSON.stringify(project));
}

describeSamples('a service that runs elsewhere', () => {
  test('is on a port of this machine, or where gateways in containers are told that it is', async () => {
    await contract(tree, { name: 'stock', address: '4080' });
    expect(facetOf('stock')).toEqual({ port: 4080 });
    const before = contentOf(tree, 'docker-compose.yml');
    await contract(tree, { name: 'mails', address: 'dns://mails.internal:4090' });
    expect(contentOf(tree, 'docker-compose.yml')).toContain('  MAILS_ADDRESSES: dns://mails.internal:4090\n');
    await remove(tree, { name: 'mails' });
    expect(contentOf(tree, 'docker-compose.yml')).toBe(before);
    await contract(tree, { name: 'news', kind: 'nest' });
    expect(facetOf('news')).toEqual({ kind: 'nest' });
  });

  test('is placed by its kind in the gateways that call it', async () => {
    await contract(tree, { ...petstore, open: true, address: '4310' });
    await contract(tree, { name: 'news', kind: 'nest' });
    await bff(tree, { name: 'kiosk', services: 'petstore,news' });
    const config = contentOf(tree, 'apps/kiosk-bff/src/kiosk-bff.config.ts');
    expect(config).toContain("petstore: { kind: 'http', port: 4310 }");
    expect(config).toContain("news: { kind: 'nest' }");
    expect(contentOf(tree, 'apps/kiosk-bff/src/home/home.aggregation.ts')).toContain(
      ".required('findPets', petstore.findPets",
    );
  });

  test('can be asked for by every open query of its contract, closed ones are named', async () => {
    await bff(tree, { name: 'kiosk' });
    await contract(tree, { name: 'hostile', from: `openapi:${descriptions}ours/hostile.json`, open: true });
    await contract(tree, {
      name: 'disputes',
      from: `openapi:${descriptions}adyen/TransactionService-v4.yaml`,
    });
    const parts = 'hostile.deleteOperation,hostile.getAnimals?,hostile.getDeep?';
    await aggregation(tree, { name: 'nodes', bff: 'kiosk-bff', parts });
    const made = contentOf(tree, 'apps/kiosk-bff/src/nodes/nodes.aggregation.ts');
    expect(made).toContain('hostile.deleteOperation.input.shape.id');
    const spec = contentOf(tree, 'apps/kiosk-bff/src/nodes/nodes.aggregation.spec.ts');
    expect(spec).toContain("petType: 'cat'");
    const sources = {
      'kiosk/nodes.aggregation.ts': made.replaceAll('@facet/domain-hostile', '../hostile/index.js'),
      ...Object.fromEntries(
        ['index', 'hostile', 'schemas'].map((file) => [
          `hostile/${file}.ts`,
          contentOf(tree, `libs/domain/hostile/src/${file}.ts`),
        ]),
      ),
    };
    expect(typeErrors(tree.root, sources)).toEqual([]);
    await expect(
      aggregation(tree, { name: 'pets', bff: 'kiosk-bff', parts: 'disputes.getDisputes' }),
    ).rejects.toThrow(
      /^disputes\.getDisputes is not for clients: .* only gateways ask for themselves; say there who else may$/,
    );
  });

  test('is asked for its address where nobody has said it, at the terminal or by --address', async () => {
    await unplacedStock();
    const before = changesOf(tree);
    const options = { name: 'kiosk', services: 'stock' };
    await expect(bff(tree, options)).rejects.toThrow(
      '"stock" is no app here: say where it listens, as in --address=stock=4090',
    );
    expect(changesOf(tree)).toEqual(before);
    const asked: string[] = [];
    const ask = {
      text: (message: string, problemOf: (answer: string) => string | undefined) => {
        asked.push(message);
        expect(problemOf('nowhere')).toContain('--address=nowhere has no port');
        return Promise.resolve('4090');
      },
    } as unknown as Ask;
    const completed = await complete.bff(tree, options, ask);
    expect(asked).toEqual(['Where does stock listen in development?']);
    await bff(tree, completed);
    expect(facetOf('stock')).toEqual({ port: 4090 });
    expect(contentOf(tree, 'apps/kiosk-bff/src/kiosk-bff.config.ts')).toContain('stock: 4090');
    expect(await complete.bff(tree, options, ask)).toEqual(options);
  });

  test('is told its address by an aggregation too', async () => {
    await bff(tree, { name: 'kiosk' });
    await unplacedStock();
    const options = { name: 'shelf', bff: 'kiosk-bff', parts: 'stock.list' };
    await expect(aggregation(tree, options)).rejects.toThrow('--address=stock=4090');
    await aggregation(tree, { ...options, address: 'stock=10.0.0.5:8080' });
    expect(contentOf(tree, 'docker-compose.yml')).toContain('STOCK_ADDRESSES: 10.0.0.5:8080');
    expect(contentOf(tree, 'apps/kiosk-bff/src/kiosk-bff.config.ts')).toMatch(/stock: \d{4}/);
  });
});

test.each([
  ['nowhere', 'has no port'],
  ['99999', 'is no port'],
  ['http://users.internal/v2', 'has a path'],
  ['https://ada:secret@users.internal', 'has credentials'],
  ['ftp://users.internal', 'is no address'],
])('the address %s is refused in one line', (address, message) => {
  expect(() => placeFrom(address)).toThrow(message);
});

test('addresses of several services are told by their names', () => {
  expect([...placesFrom('users=4090,mails=dns://mails:4091')]).toEqual([
    ['users', { port: 4090 }],
    ['mails', { addresses: 'dns://mails:4091' }],
  ]);
  expect([...placesFrom('127.0.0.1:4090')]).toEqual([['', { port: 4090 }]]);
  expect(() => placesFrom('users=4090,4091')).toThrow('4091 names no service');
});
