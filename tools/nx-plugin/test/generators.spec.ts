import { readJson, type Tree } from '@nx/devkit';
import { beforeEach, expect, jest, test } from '@jest/globals';
import { parse } from 'yaml';
import { deleteFolder } from '../src/folder.js';
import { aggregation, bff, contract, remove, service } from '../src/index.js';
import { changesOf, contentOf, workspaceTree, written, describeSamples } from './tree.js';

jest.setTimeout(120_000);

let tree: Tree;
const byId = (a: { clientId: string }, b: { clientId: string }) => a.clientId.localeCompare(b.clientId);
beforeEach(async () => {
  tree = await workspaceTree();
});

const snapshot = () => changesOf(tree);

describeSamples('bff', () => {
  test('makes the files of a gateway, with an aggregation from the contracts', async () => {
    await bff(tree, { name: 'kiosk' });
    const home = contentOf(tree, 'apps/kiosk-bff/src/home/home.aggregation.ts');
    expect(home).toContain(".required('featured', catalog.featured");
    expect(home).toContain('ids: featured.items.map((item) => item.id)');
    expect(contentOf(tree, 'apps/kiosk-bff/src/main.ts')).toContain('sessionSignIn({ name');
    expect(contentOf(tree, 'apps/kiosk-bff/src/routes.ts')).toContain(
      "route('GET /api/home', home, { access: 'public', answer: homeAnswer })",
    );
  });

  test('registers it on the next free ports wherever the others are', async () => {
    await bff(tree, { name: 'kiosk-bff', client: 'mobile' });
    const project = readJson<{ metadata: { facet: unknown } }>(tree, 'apps/kiosk-bff/project.json');
    expect(project.metadata.facet).toEqual({
      ...{ kind: 'gateway', port: 3030, try: { path: '/v1/home' } },
      needs: ['catalog', 'identity', 'inventory'],
    });
    const compose = parse(contentOf(tree, 'docker-compose.yml'), { merge: true }) as {
      services: Record<string, { environment: object; ports: string[] }>;
    };
    expect(compose.services['kiosk-bff']?.environment).toMatchObject({ PORT: 3030, ADMIN_PORT: 3031 });
    expect(compose.services['kiosk-bff']?.ports).toEqual(['127.0.0.1:3030:3030']);
    const target = { targets: ['127.0.0.1:3031'], labels: { process: 'kiosk-bff' } };
    expect(readJson(tree, 'deploy/observability/targets/gateways.json')).toContainEqual(target);
    const lock = readJson<{ packages: Record<string, unknown> }>(tree, 'package-lock.json');
    expect(lock.packages['node_modules/@facet/kiosk-bff']).toEqual({
      resolved: 'apps/kiosk-bff',
      link: true,
    });
    expect(contentOf(tree, 'tsconfig.json')).toContain('./apps/kiosk-bff');
    expect(contentOf(tree, 'apps/identity/src/gateways.ts')).toContain("clientId: 'kiosk-bff'");
    expect(contentOf(tree, 'apps/identity/README.md')).toMatch(/^\| `kiosk-bff` +\| public, native \|/m);
    expect(contentOf(tree, 'deploy/keycloak/realm.json')).toContain('urn:facet:kiosk-bff');
    expect(contentOf(tree, 'docs/architecture.md')).toMatch(/^\| kiosk-bff +\| 3030 +\| 3031 +\|$/m);
  });

  test('gives each kind of client its way to sign in, and customers’ own things to who has signed in', async () => {
    await bff(tree, { name: 'reseller', client: 'partner', services: 'catalog,orders' });
    const main = contentOf(tree, 'apps/reseller-bff/src/main.ts');
    expect(main).toContain('serviceKeys(call, accounts.apiKeyByHash)');
    expect(main).toContain("import { accounts } from '@facet/shop-accounts';");
    expect(contentOf(tree, 'apps/reseller-bff/src/routes.ts')).toContain(
      "access: { scopes: ['catalog:read', 'orders:read'] }",
    );
    expect(contentOf(tree, 'apps/reseller-bff/src/home/home.aggregation.ts')).toContain(
      'ownCustomer(caller)',
    );
    const { metadata } = readJson<{ metadata: { facet: { needs: string[] } } }>(
      tree,
      'apps/reseller-bff/project.json',
    );
    expect(metadata.facet.needs).toEqual(['accounts', 'catalog', 'identity', 'orders']);
  });

  test('gives a gateway that takes keys the plans that keys are good for, whatever its client is', async () => {
    await bff(tree, { name: 'kiosk', client: 'web', auth: 'api-key' });
    expect(contentOf(tree, 'apps/kiosk-bff/src/kiosk-bff.policy.ts')).toContain('standard: {');
  });

  test.each([
    ['a name that is no name', { name: 'Kiosk' }, 'use lower-case words with hyphens between'],
    ['a name that means something else', { name: 'gateway' }, '"gateway" means something else here'],
    ['a word of the language', { name: 'interface' }, '"interface" means something else here'],
    ['a name that is taken', { name: 'mobile' }, '"mobile-bff" is taken: apps/mobile-bff is there'],
    [
      'a service that is not there',
      { name: 'kiosk', services: 'catalogue' },
      'there is no service "catalogue"; there are ',
    ],
    [
      'services that can only be asked with a question',
      { name: 'kiosk', services: 'payments' },
      'payments cannot be asked without a question',
    ],
    ['no service', { name: 'kiosk', services: ' , ' }, 'say which services'],
    ['a port that is taken', { name: 'kiosk', port: 3011 }, 'port 3011 is taken by mobile-bff'],
    [
      'a port beside which the next one is taken',
      { name: 'kiosk', port: 2999 },
      'port 3000, the admin port beside 2999, is taken by web-bff',
    ],
    ['a port that a container has', { name: 'kiosk', port: 3990 }, 'port 3990 is taken by keycloak'],
    ['a port that is none', { name: 'kiosk', port: 70_000 }, 'port 70000 cannot be'],
    [
      'a kind of client that is none',
      { name: 'kiosk', client: 'fridge' as never },
      '--client is one of web, mobile, partner, custom, not "fridge"',
    ],
    [
      'a way to sign in that is none',
      { name: 'kiosk', auth: 'password' as never },
      '--auth is one of session, bearer, api-key, not "password"',
    ],
  ])('refuses %s, and changes nothing', async (_, options, message) => {
    const before = snapshot();
    await expect(bff(tree, options)).rejects.toThrow(message);
    expect(snapshot()).toEqual(before);
  });

  test('needs no other gateway as a model: what the realm gets is the same with and without the samples', async () => {
    const realmOf = () =>
      readJson<{ clients: { clientId: string }[] }>(tree, 'deploy/keycloak/realm.json').clients;
    const sample = realmOf();
    for (const name of ['web-bff', 'mobile-bff', 'partner-bff']) await remove(tree, { name });
    expect(realmOf()).toEqual([]);
    for (const client of ['web', 'mobile', 'partner'] as const) await bff(tree, { name: client, client });
    // Which scopes people can grant is what their other clients have: here there is none any more.
    const alike = (clients: object[]) =>
      clients.map((each) => ({ ...each, name: expect.any(String), optionalClientScopes: expect.anything() }));
    expect(realmOf().sort(byId)).toEqual(alike(sample.sort(byId)));
    expect(contentOf(tree, 'apps/identity/src/gateways.ts')).toContain("gateway: 'partner-bff'");
    expect(contentOf(tree, 'apps/identity/README.md')).toMatch(/^\| `mobile-bff` +\| public, native/m);
  });

  test('has the keys of partners in a file where no service has them', async () => {
    tree.delete('libs/shop/accounts');
    await bff(tree, { name: 'reseller', client: 'partner' });
    const main = contentOf(tree, 'apps/reseller-bff/src/main.ts');
    expect(main).toContain('store: fileKeys(name, { ...own, production })');
    expect(contentOf(tree, 'apps/reseller-bff/src/reseller-bff.config.ts')).toContain('...keyFileVariables');
    expect(contentOf(tree, 'apps/reseller-bff/project.json')).not.toContain('accounts');
  });

  test('is told to make a service first where there is none, and nothing is changed', async () => {
    for (const folder of tree.children('libs/shop')) deleteFolder(tree, `libs/shop/${folder}`);
    const before = snapshot();
    await expect(bff(tree, { name: 'kiosk' })).rejects.toThrow('there is no service yet: make one first');
    expect(snapshot()).toEqual(before);
  });

  test.each([
    ['docker-compose.yml', /^docker-compose\.yml is no YAML: .* at line \d+, column \d+$/],
    ['package-lock.json', /^package-lock\.json is no JSON: .*$/],
  ])('names in one line %s where it is broken', async (file, message) => {
    tree.write(file, contentOf(tree, file).replace(/^(\s+).*$/m, '$1: [ {'));
    await expect(bff(tree, { name: 'kiosk' })).rejects.toThrow(message);
  });
});

describeSamples('aggregation', () => {
  beforeEach(() => bff(tree, { name: 'kiosk', client: 'mobile' }));

  test('adds a route, and a service that the gateway did not call before', async () => {
    await aggregation(tree, {
      name: 'showcase',
      bff: 'kiosk-bff',
      parts: 'recommendations.popular,catalog.productsByIds?',
    });
    const made = contentOf(tree, 'apps/kiosk-bff/src/showcase/showcase.aggregation.ts');
    expect(made).toContain('ids: popular.items.map((item) => item.productId)');
    expect(made).toContain(".optional('productsByIds'");
    const routes = contentOf(tree, 'apps/kiosk-bff/src/routes.ts');
    expect(routes).toContain(
      "import { showcase, showcaseAnswer } from './showcase/showcase.aggregation.js';",
    );
    expect(routes).toContain(
      "route('GET /v1/showcase', showcase, { access: 'public', answer: showcaseAnswer })",
    );
    expect(contentOf(tree, 'apps/kiosk-bff/src/kiosk-bff.config.ts')).toContain('recommendations: 4060');
    expect(contentOf(tree, 'apps/kiosk-bff/test/access.e2e.spec.ts')).toContain("'GET /v1/showcase'");
    expect(contentOf(tree, 'apps/kiosk-bff/README.md')).toMatch(
      /^\| `GET \/v1\/showcase` +\| popular, productsByIds +\| everybody +\| catalog, \*\*recommendations\*\* +\|$/m,
    );
  });

  test('takes what a query needs from the address', async () => {
    await aggregation(tree, {
      name: 'product-page',
      bff: 'kiosk-bff',
      parts: 'catalog.product,reviews.ofProduct?',
    });
    expect(contentOf(tree, 'apps/kiosk-bff/src/routes.ts')).toContain(
      "route('GET /v1/product-page/:productId', productPage,",
    );
    const made = contentOf(tree, 'apps/kiosk-bff/src/product-page/product-page.aggregation.ts');
    expect(made).toContain('z.strictObject({ productId: catalog.product.input.shape.id })');
    expect(made).toContain("aggregate('kiosk.productPage'");
  });

  test('is asked at the path that is said, and goes again from wherever that is named', async () => {
    const before = snapshot();
    const parts = 'catalog.product,reviews.ofProduct?,inventory.levels?';
    const path = '/products/:productId/page/';
    await aggregation(tree, { name: 'product-page', bff: 'kiosk-bff', parts, path });
    expect(contentOf(tree, 'apps/kiosk-bff/src/routes.ts')).toContain(
      "route('GET /v1/products/:productId/page', productPage,",
    );
    expect(contentOf(tree, 'apps/kiosk-bff/test/access.e2e.spec.ts')).toContain(
      "'GET /v1/products/{productId}/page'",
    );
    const made = contentOf(tree, 'apps/kiosk-bff/src/product-page/product-page.aggregation.ts');
    expect(made).toContain('input: ({ input }) => ({ ids: [input.productId] })');
    await remove(tree, { name: 'product-page', bff: 'kiosk-bff' });
    expect(snapshot()).toEqual(before);
  });

  test.each([
    ['products/:id', '--path has ":id", which these parts do not ask for; they ask for productId'],
    ['Products', '--path is like products/:productId, and "Products" cannot be a part of it'],
    ['products//x', '"" cannot be a part of it'],
  ])('is not asked at %s', async (path, message) => {
    const asked = { name: 'page', bff: 'kiosk-bff', parts: 'catalog.product,reviews.ofProduct?', path };
    await expect(aggregation(tree, asked)).rejects.toThrow(message);
  });

  test('may be called like a service that it asks', async () => {
    await aggregation(tree, {
      name: 'catalog',
      bff: 'kiosk-bff',
      parts: 'catalog.product,inventory.levels?',
    });
    for (const kind of ['aggregation', 'aggregation.spec']) {
      const made = contentOf(tree, `apps/kiosk-bff/src/catalog/catalog.${kind}.ts`);
      expect(made).toContain("import { catalog as contract } from '@facet/shop-catalog';");
      expect(made).toContain("import { inventory } from '@facet/shop-inventory';");
    }
    const made = contentOf(tree, 'apps/kiosk-bff/src/catalog/catalog.aggregation.ts');
    expect(made).toContain("export const catalog = aggregate('kiosk.catalog'");
    expect(made).toContain(".required('product', contract.product");
    expect(made).toContain('id: contract.product.input.shape.id');
    expect(made).toContain('ids: [input.id]');
  });

  test.each([
    ['a gateway that is not there', { bff: 'nobody-bff' }, 'there is no gateway "nobody-bff"; there are '],
    [
      'an operation that is not there',
      { parts: 'catalog.everything' },
      'catalog has no operation "everything"; its queries are ',
    ],
    ['a command', { parts: 'inventory.reserve' }, 'inventory.reserve is a command'],
    ['what is for operators', { parts: 'accounts.apiKeys' }, 'accounts.apiKeys is not for clients'],
    ['a name that is taken', { name: 'home' }, '"home" is taken: apps/kiosk-bff/src/home is there'],
    ['no parts', { parts: '' }, 'say which parts'],
  ])('refuses %s, and changes nothing', async (_, options, message) => {
    const before = snapshot();
    const asked = { name: 'showcase', bff: 'kiosk-bff', parts: 'catalog.featured', ...options };
    await expect(aggregation(tree, asked)).rejects.toThrow(message);
    expect(snapshot()).toEqual(before);
  });
});

describeSamples('service', () => {
  test('makes a service with its contract and registers it wherever the others are', async () => {
    await service(tree, { name: 'wishlists' });
    expect(contentOf(tree, 'libs/domain/wishlists/src/wishlists.ts')).toContain("service('wishlists', {");
    expect(contentOf(tree, 'libs/domain/wishlists/package.json')).toContain('"@facet/domain-wishlists"');
    expect(contentOf(tree, 'tsconfig.json')).toContain('"./libs/domain/wishlists"');
    expect(contentOf(tree, 'apps/wishlists/migrations/0000_first.sql')).toContain('CREATE TABLE "items"');
    const compose = parse(contentOf(tree, 'docker-compose.yml'), { merge: true }) as {
      services: Record<string, { environment: Record<string, unknown> }>;
    };
    expect(compose.services['wishlists']?.environment).toMatchObject({ PORT: 4080, ADMIN_PORT: 4081 });
    const target = { targets: ['127.0.0.1:4081'], labels: { process: 'wishlists' } };
    expect(readJson(tree, 'deploy/observability/targets/services.json')).toContainEqual(target);
    expect(compose.services['web-bff']?.environment['WISHLISTS_ADDRESSES']).toBe('wishlists:4080');
  });

  test.each([
    [
      'a name in other letters',
      { name: 'giftCards' },
      'words with hyphens between, at most 40 characters, e.g. "gift-cards"',
    ],
    ['a name with spaces', { name: 'Gift Cards' }, 'e.g. "gift-cards"'],
    ['the name of a gateway', { name: 'gifts-bff' }, 'it would be taken for a gateway'],
    ['a name that is taken', { name: 'orders' }, '"orders" is taken: apps/orders is there'],
    ['the name of a lib', { name: 'routing' }, '"routing" is taken: libs/routing is there'],
    ['the name of a contract', { name: 'checkout' }, '"checkout" is taken: libs/shop/checkout is there'],
    ['a port that is taken', { name: 'wishlists', port: 4020 }, 'port 4020 is taken by catalog'],
    ["the database's port", { name: 'wishlists', port: 4000 }, 'port 4000 is taken by PostgreSQL'],
  ])('refuses %s, and changes nothing', async (_, options, message) => {
    const before = snapshot();
    await expect(service(tree, options)).rejects.toThrow(message);
    expect(snapshot()).toEqual(before);
  });
});

describeSamples('contract', () => {
  test('is enough for a gateway to call a service that runs elsewhere, at the port that it names', async () => {
    const folder = 'libs/shop/recommendations';
    const elsewhere = JSON.parse(contentOf(tree, `${folder}/project.json`)) as object;
    tree.write(
      `${folder}/project.json`,
      JSON.stringify({ ...elsewhere, metadata: { facet: { port: 4990 } } }),
    );
    tree.delete('apps/recommendations');
    await bff(tree, { name: 'kiosk', client: 'mobile', services: 'recommendations,catalog' });
    expect(contentOf(tree, 'apps/kiosk-bff/src/kiosk-bff.config.ts')).toContain('recommendations: 4990');
    expect(contentOf(tree, 'apps/kiosk-bff/project.json')).not.toContain('recommendations');
    expect(contentOf(tree, 'apps/kiosk-bff/test/site.ts')).toContain("services: ['catalog']");
    await bff(tree, { name: 'lobby', client: 'mobile', services: 'catalog' });
    const parts = 'recommendations.popular';
    await aggregation(tree, { name: 'popular', bff: 'lobby-bff', parts });
    expect(contentOf(tree, 'apps/lobby-bff/src/lobby-bff.config.ts')).toContain('recommendations: 4990');
    expect(contentOf(tree, 'apps/lobby-bff/project.json')).not.toContain('recommendations');
  });

  test('is all that a gateway needs where the sample apps are gone', async () => {
    for (const app of tree.children('apps')) tree.delete(`apps/${app}`);
    tree.delete('apps/identity/src/gateways.ts');
    const registered = () =>
      ['tsconfig.json', 'package-lock.json', 'docker-compose.yml', 'deploy/keycloak/realm.json'].map((file) =>
        contentOf(tree, file),
      );
    const before = registered();
    const folder = 'libs/shop/recommendations';
    const file = `${folder}/project.json`;
    const text = contentOf(tree, file);
    tree.write(
      file,
      JSON.stringify({ ...(JSON.parse(text) as object), metadata: { facet: { port: 4990 } } }),
    );
    for (const client of ['web', 'mobile'] as const) {
      await bff(tree, { name: `kiosk-${client}`, client, services: 'recommendations' });
      expect(contentOf(tree, `apps/kiosk-${client}-bff/project.json`)).toContain('"needs": []');
      expect(contentOf(tree, `apps/kiosk-${client}-bff/test/site.ts`)).toContain('services: []');
      await remove(tree, { name: `kiosk-${client}` });
    }
    expect(registered()).toEqual(before);
  });

  test('says where its service listens, or no gateway can call it', async () => {
    tree.delete('apps/recommendations');
    const asked = bff(tree, { name: 'kiosk', services: 'recommendations' });
    await expect(asked).rejects.toThrow('say where it listens, as in --address=recommendations=4090');
    await contract(tree, { name: 'stock' });
    expect(contentOf(tree, 'libs/domain/stock/project.json')).toContain('"port": 4080');
    await expect(service(tree, { name: 'wishlists', port: 4080 })).rejects.toThrow(
      'port 4080 is taken by @facet/domain-stock',
    );
  });

  test('makes the package of a contract alone, and remove takes it out again', async () => {
    const before = snapshot();
    await contract(tree, { name: 'stock' });
    expect(contentOf(tree, 'libs/domain/stock/src/index.ts')).toContain(
      "export { stock, stockId } from './stock.js';",
    );
    expect(tree.exists('apps/stock')).toBe(false);
    await remove(tree, { name: 'stock' });
    expect(snapshot()).toEqual(before);
  });

  test('is not taken out while an app imports it', async () => {
    await contract(tree, { name: 'stock' });
    const file = 'apps/web-bff/src/routes.ts';
    tree.write(file, `import { stock } from '@facet/domain-stock';\n${contentOf(tree, file)}`);
    await expect(remove(tree, { name: 'stock' })).rejects.toThrow(
      '@facet/domain-stock is imported by web-bff: take it out there first',
    );
  });
});

describeSamples('remove', () => {
  test('leaves the tree as it was before any of the others', async () => {
    const before = snapshot();
    await service(tree, { name: 'wishlists' });
    await bff(tree, { name: 'kiosk', client: 'partner' });
    await bff(tree, { name: 'lobby' });
    const withBoth = snapshot();
    const parts = 'recommendations.popular,catalog.productsByIds?';
    await aggregation(tree, { name: 'showcase', bff: 'lobby-bff', parts });
    await remove(tree, { name: 'showcase', bff: 'lobby-bff' });
    expect(snapshot()).toEqual(withBoth);
    await remove(tree, { name: 'kiosk' });
    await remove(tree, { name: 'wishlists' });
    await remove(tree, { name: 'lobby-bff' });
    expect(snapshot()).toEqual(before);
  });

  test('leaves comments where they were, whatever they stand beside', async () => {
    const comment = (file: string, from: string, to: string) => {
      expect(contentOf(tree, file)).toContain(from);
      tree.write(file, contentOf(tree, file).replace(from, to));
    };
    const [last = ''] = /"path": "[^"]+"\n {4}\}(?=\n {2}\])/.exec(contentOf(tree, 'tsconfig.json')) ?? [];
    comment('tsconfig.json', last, `${last} // the last one\n    // no more`);
    const identity = "signIn: 'api-key' },\n";
    comment('apps/identity/src/gateways.ts', identity, `${identity.trim()} // partners\n  // no more\n`);
    const ports = "ports: ['127.0.0.1:3020:3020']";
    comment('docker-compose.yml', ports, `${ports} # for partners\n    # no more`);
    const addresses = 'recommendations:4060';
    comment('docker-compose.yml', addresses, `${addresses} # not required`);
    const before = snapshot();
    await service(tree, { name: 'wishlists' });
    await bff(tree, { name: 'kiosk', client: 'partner' });
    await remove(tree, { name: 'kiosk' });
    await remove(tree, { name: 'wishlists' });
    expect(snapshot()).toEqual(before);
  });

  test('knows a service of two words wherever it was added', async () => {
    const before = snapshot();
    await service(tree, { name: 'gift-cards' });
    expect(contentOf(tree, 'libs/domain/gift-cards/src/index.ts')).toContain(
      'export { giftCards, giftCardsId }',
    );
    expect(contentOf(tree, 'docker-compose.yml')).toContain('GIFT_CARDS_ADDRESSES: gift-cards:4080');
    await remove(tree, { name: 'gift-cards' });
    expect(snapshot()).toEqual(before);
  });

  test('takes out its own of two gateways with like names', async () => {
    await bff(tree, { name: 'info-kiosk', client: 'mobile' });
    await bff(tree, { name: 'kiosk', client: 'partner' });
    await remove(tree, { name: 'kiosk' });
    const realm = contentOf(tree, 'deploy/keycloak/realm.json');
    expect(realm).toContain('urn:facet:info-kiosk-bff');
    expect(realm).not.toContain('urn:facet:kiosk-bff');
    expect(contentOf(tree, 'apps/identity/src/gateways.ts')).toContain("gateway: 'info-kiosk-bff'");
  });

  test('leaves a gateway the services that an aggregation did not call', async () => {
    await bff(tree, { name: 'kiosk', services: 'catalog,payments' });
    const before = snapshot();
    await aggregation(tree, { name: 'showcase', bff: 'kiosk-bff', parts: 'recommendations.popular' });
    await remove(tree, { name: 'showcase', bff: 'kiosk-bff' });
    expect(snapshot()).toEqual(before);
  });

  test('leaves a gateway the services that it called before an aggregation did', async () => {
    await bff(tree, { name: 'kiosk', services: 'catalog,payments' });
    const before = snapshot();
    await aggregation(tree, { name: 'pay', bff: 'kiosk-bff', parts: 'payments.payment' });
    await remove(tree, { name: 'pay', bff: 'kiosk-bff' });
    expect(snapshot()).toEqual(before);
  });

  test('refuses an aggregation that the gateway uses elsewhere, and changes nothing', async () => {
    await bff(tree, { name: 'kiosk' });
    const file = 'apps/kiosk-bff/test/more.e2e.spec.ts';
    tree.write(file, "import { homeAnswer } from '../src/home/home.aggregation.js';\n");
    const before = snapshot();
    await expect(remove(tree, { name: 'home', bff: 'kiosk-bff' })).rejects.toThrow(
      '"home" is used by test/more.e2e.spec.ts of kiosk-bff: take it out there first',
    );
    expect(snapshot()).toEqual(before);
  });

  test('takes out the first screen that came with a gateway, with its test and its call to try', async () => {
    await bff(tree, { name: 'kiosk', client: 'mobile' });
    await remove(tree, { name: 'home', bff: 'kiosk-bff' });
    const left = Object.entries(snapshot()).filter(
      ([file, text]) => file.startsWith('apps/kiosk-bff') && /home/i.test(file + String(text)),
    );
    expect(left).toEqual([]);
    expect(contentOf(tree, 'apps/kiosk-bff/src/routes.ts')).toContain(
      "export const routes = [route('GET /v1/usage', usage, { access: {} })];",
    );
    const { metadata } = readJson<{ metadata: { facet: object } }>(tree, 'apps/kiosk-bff/project.json');
    expect(Object.keys(metadata.facet)).toEqual(['kind', 'port', 'needs']);
  });

  test('takes out routes that were renamed', async () => {
    await bff(tree, { name: 'kiosk' });
    const before = snapshot();
    await aggregation(tree, { name: 'showcase', bff: 'kiosk-bff', parts: 'catalog.featured' });
    const routes = 'apps/kiosk-bff/src/routes.ts';
    tree.write(
      routes,
      contentOf(tree, routes)
        .replace("'GET /api/showcase', showcase", "'GET /api/showcase', shown")
        .replace('{ showcase, showcaseAnswer }', '{ showcase as shown, showcaseAnswer }'),
    );
    await remove(tree, { name: 'showcase', bff: 'kiosk-bff' });
    expect(snapshot()).toEqual(before);
  });

  test.each([
    ['what is not there', { name: 'nobody' }, 'there is no "nobody"; there are '],
    ['what others need', { name: 'catalog' }, 'catalog is needed by '],
    ['what no generator has made', { name: 'identity' }, 'identity '],
    [
      'an aggregation that is not there',
      { name: 'nothing', bff: 'mobile-bff' },
      'mobile-bff has no aggregation "nothing"',
    ],
  ])('refuses %s, and changes nothing', async (_, options, message) => {
    const before = snapshot();
    await expect(remove(tree, options)).rejects.toThrow(message);
    expect(snapshot()).toEqual(before);
  });
});

describeSamples('the sample gateways are what the generator makes, and their own endpoints', () => {
  const twins = {
    web: { services: 'accounts,catalog,inventory,orders,payments,recommendations,reviews', port: '3000' },
    mobile: { services: 'accounts,catalog,inventory,orders,payments,recommendations,reviews', port: '3010' },
    partner: { services: 'accounts,catalog,inventory,orders,payments', port: '3020' },
  } as const;
  type Client = keyof typeof twins;

  /** A file of the twin, under the name and the port of the gateway that it is the twin of. */
  async function twinOf(client: Client, file: string): Promise<string> {
    const { services, port } = twins[client];
    await bff(tree, { name: 'twin', client, services });
    const type = `${client.charAt(0).toUpperCase()}${client.slice(1)}Bff`;
    return contentOf(tree, `apps/twin-bff/${file.replace(`${client}-bff`, 'twin-bff')}`)
      .replaceAll('twin-bff', `${client}-bff`)
      .replaceAll('TwinBff', type)
      .replaceAll('3030', port);
  }

  const alike = (client: Client, ...more: readonly string[]) =>
    [
      ...['jest.config.mjs', 'tsconfig.json', 'tsconfig.spec.json'],
      ...[`src/${client}-bff.config.ts`, `src/${client}-bff.policy.ts`, ...more],
    ].map((file) => [client, file] as const);

  test.each([...alike('web'), ...alike('mobile'), ...alike('partner')])(
    '%s-bff: %s',
    async (client, file) => {
      expect(await twinOf(client, file)).toBe(written(`apps/${client}-bff/${file}`));
    },
  );

  const clients = ['web', 'mobile', 'partner'] as const;

  test.each(clients)('%s-bff: its main.ts, but for pages and pictures of its own', async (client) => {
    const common = (text: string) =>
      text.split('\n').filter((line) => !/servePages|servePictures/.test(line));
    const ours = common(written(`apps/${client}-bff/src/main.ts`));
    expect(common(await twinOf(client, 'src/main.ts'))).toEqual(ours);
  });

  /**
   * A sample gateway checks out, and `npm start` prints an endpoint of its own to try.
   */
  const own = ['try', '@facet/contracts'];
  const withoutOwn = (text: string): unknown =>
    JSON.parse(text, (key, value: unknown) => {
      if (own.includes(key) || key.startsWith('@facet/shop-')) return undefined;
      return key === 'references'
        ? (value as { path: string }[]).filter(({ path }) => !/libs\/(shop|contracts)\//.test(path))
        : value;
    });

  test.each(
    clients.flatMap((client) =>
      ['package.json', 'project.json', 'tsconfig.lib.json'].map((file) => [client, file] as const),
    ),
  )('%s-bff: %s, but for what is its own', async (client, file) => {
    expect(withoutOwn(await twinOf(client, file))).toEqual(withoutOwn(written(`apps/${client}-bff/${file}`)));
  });
});
