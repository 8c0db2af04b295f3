import { expect, jest, test } from '@jest/globals';
import { aggregation } from '../src/index.js';
import { changesOf, contentOf, workspaceTree, describeSamples } from './tree.js';

jest.setTimeout(120_000);

describeSamples('an aggregation', () => {
  test.each([
    [
      'the address of an operation that is passed through',
      { name: 'categories', bff: 'web-bff', parts: 'catalog.categories' },
      'GET /api/categories is taken: apps/web-bff/src/routes.ts answers it',
    ],
    [
      'one that is passed through with what its caller is',
      { name: 'account', bff: 'web-bff', parts: 'accounts.customer' },
      'GET /api/account is taken: apps/web-bff/src/routes.ts answers it',
    ],
    [
      'one that asks for scopes',
      { name: 'stock', bff: 'partner-bff', parts: 'inventory.levels' },
      'GET /v1/stock is taken: apps/partner-bff/src/routes.ts answers it',
    ],
    [
      'the address of an aggregation',
      { name: 'products', bff: 'mobile-bff', parts: 'catalog.product' },
      'GET /v1/products/:id is taken: apps/mobile-bff/src/routes.ts answers it',
    ],
    [
      'the address of a route in another file',
      { name: 'webhooks', bff: 'partner-bff', parts: 'orders.subscriptions' },
      'GET /v1/webhooks is taken: apps/partner-bff/src/webhooks.routes.ts answers it',
    ],
    [
      'the name of another aggregation',
      { name: 'order', bff: 'mobile-bff', parts: 'orders.list' },
      '"mobile.order" is taken: apps/mobile-bff/src/orders/order.aggregation.ts declares it',
    ],
  ])('is refused %s, and changes nothing', async (_, options, message) => {
    const tree = await workspaceTree();
    await expect(aggregation(tree, options)).rejects.toThrow(message);
    expect(changesOf(tree)).toEqual({});
  });

  test('is refused the address of a controller', async () => {
    const tree = await workspaceTree();
    const controller = 'apps/mobile-bff/src/own/own.controller.ts';
    tree.write(
      controller,
      "@Controller('v1')\nexport class OwnController {\n  @Get('window')\n  window() {}\n}\n",
    );
    const asked = aggregation(tree, { name: 'window', bff: 'mobile-bff', parts: 'catalog.featured' });
    await expect(asked).rejects.toThrow(`GET /v1/window is taken: ${controller} answers it`);
  });

  test('is refused a name that differs only by a hyphen', async () => {
    const tree = await workspaceTree();
    await aggregation(tree, { name: 'top-10', bff: 'mobile-bff', parts: 'recommendations.popular' });
    const asked = aggregation(tree, { name: 'top10', bff: 'mobile-bff', parts: 'catalog.featured' });
    await expect(asked).rejects.toThrow(
      '"mobile.top10" is taken: apps/mobile-bff/src/top-10/top-10.aggregation.ts declares it',
    );
  });

  test('may stand beside an address with one segment more', async () => {
    const tree = await workspaceTree();
    await aggregation(tree, { name: 'products', bff: 'mobile-bff', parts: 'catalog.products' });
    expect(contentOf(tree, 'apps/mobile-bff/src/routes.ts')).toContain("route('GET /v1/products', products,");
  });
});
