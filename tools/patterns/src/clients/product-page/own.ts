import type { Product } from '@facet/shop-catalog';
import type { StockLevel } from '@facet/shop-inventory';
import type { Api, Show } from '../api.js';
import { PRODUCT, type ProductPage, type Reviews } from './screen.js';

type Line =
  | { readonly event: 'first'; readonly value: { readonly product: Product; readonly stock?: StockLevel } }
  | { readonly event: 'part'; readonly part: 'reviews'; readonly value?: Reviews }
  | { readonly event: 'part'; readonly part: 'related'; readonly value?: readonly Product[] }
  | { readonly event: 'end' };

export async function productPage(api: Api, show: Show): Promise<ProductPage> {
  const page: Partial<{ -readonly [Key in keyof ProductPage]: ProductPage[Key] }> = {};
  await api.lines<Line>(`/api/products/${PRODUCT}`, (line) => {
    if (line.event === 'first') {
      Object.assign(page, line.value);
      show('product and stock');
    } else if (line.event === 'part') Object.assign(page, { [line.part]: line.value });
  });
  if (page.product === undefined) throw new Error('there is no product');
  return { related: [], ...page, product: page.product };
}
