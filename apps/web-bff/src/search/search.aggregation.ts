import { aggregate, indexBy } from '@facet/aggregation';
import { text } from '@facet/contracts';
import { catalog, category, productSort } from '@facet/shop-catalog';
import { inventory, stockStatus } from '@facet/shop-inventory';
import { z } from 'zod';

const { category: categorySlug, page } = catalog.products.input.shape;

/** The search page: what was found, the categories to narrow it down by, and, as it arrives, what can be had. */
export const search = aggregate('web.search', {
  input: z.strictObject({
    q: text(100).min(1),
    category: categorySlug,
    sort: productSort.default('relevance'),
    page,
  }),
})
  .required('found', catalog.products, { input: ({ input }) => ({ ...input, pageSize: 24 }) })
  .optional('categories', catalog.categories, {
    input: () => ({}),
    fields: ['items.id', 'items.slug', 'items.name'],
    default: { items: [] },
  })
  .deferred('stock', inventory.levels, {
    needs: ['found'],
    input: ({ found }) => ({ ids: found.items.map(({ id }) => id) }),
    fields: ['items.id', 'items.status'],
    shape: ({ stock }) => stock.items,
  })
  .budget({ bytes: 120_000, calls: { catalog: 2, inventory: 1 }, depth: 2 })
  .shape(({ input, found: { items, page, pageSize, total }, categories }) => {
    const categoryOf = indexBy(categories.items, 'id');
    return {
      q: input.q,
      items: items.map((product) => ({ ...product, category: categoryOf.get(product.categoryId)?.name })),
      categories: categories.items.map(({ slug, name }) => ({ slug, name })),
      ...{ page, pageSize, total },
    };
  });

export const searchAnswer = z.strictObject({
  ...catalog.products.output.shape,
  q: z.string(),
  items: z.array(catalog.product.output.extend({ category: z.string().optional() })),
  categories: z.array(category.pick({ slug: true, name: true })),
  stock: z.array(z.strictObject({ id: z.string(), status: stockStatus })).optional(),
});
