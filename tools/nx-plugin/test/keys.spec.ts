import { expect, jest, test } from '@jest/globals';
import { aggregation, bff } from '../src/index.js';
import { contentOf, workspaceTree, describeSamples } from './tree.js';

jest.setTimeout(120_000);

describeSamples('where callers bring keys, nothing is for everybody:', () => {
  test('a first screen is for who may read its services', async () => {
    const tree = await workspaceTree();
    await bff(tree, { name: 'reseller', client: 'partner' });
    const routes = contentOf(tree, 'apps/reseller-bff/src/routes.ts');
    expect(routes).toContain("access: { scopes: ['catalog:read', 'inventory:read'] }");
    expect(contentOf(tree, 'apps/reseller-bff/test/access.e2e.spec.ts')).toContain('publicRoutes: [],');
    const site = contentOf(tree, 'apps/reseller-bff/test/site.ts');
    expect(site).toContain("scope: 'orders:read catalog:read inventory:read'");
    expect(contentOf(tree, 'apps/reseller-bff/test/home.e2e.spec.ts')).toContain(
      'const headers = await site.full();',
    );
  });

  test('an aggregation is for who may read the services that it asks', async () => {
    const tree = await workspaceTree();
    const before = contentOf(tree, 'apps/partner-bff/test/access.e2e.spec.ts');
    await aggregation(tree, { name: 'showcase', bff: 'partner-bff', parts: 'catalog.featured' });
    const routes = contentOf(tree, 'apps/partner-bff/src/routes.ts');
    expect(routes).toContain("route('GET /v1/showcase', showcase, { access: { scopes: ['catalog:read'] }");
    expect(contentOf(tree, 'apps/partner-bff/test/access.e2e.spec.ts')).toBe(before);
  });

  test('one over a service that no scope is for is for every caller with a key', async () => {
    const tree = await workspaceTree();
    await aggregation(tree, { name: 'popular', bff: 'partner-bff', parts: 'recommendations.popular' });
    const routes = contentOf(tree, 'apps/partner-bff/src/routes.ts');
    expect(routes).toContain("route('GET /v1/popular', popular, { access: {},");
  });
});
