import type { Product } from '@facet/shop-catalog';
import type { StockLevel } from '@facet/shop-inventory';
import type { Api, Show } from '../api.js';
import { PRODUCT, type ProductPage, type Reviews } from './screen.js';

type Item = Product & { readonly stock?: StockLevel };
interface Items {
  readonly items: readonly Item[];
}

export async function productPage(api: Api, show: Show): Promise<ProductPage> {
  const reviews = api.get<Reviews>(`/v1/products/${PRODUCT}/reviews?pageSize=10`).catch(() => undefined);
  const related = api.get<Items>(`/v1/products/${PRODUCT}/related?limit=8`).catch(() => ({ items: [] }));
  const { stock, ...product } = await api.get<Item>(`/v1/products/${PRODUCT}`);
  show('product and stock');
  return {
    product,
    stock,
    reviews: await reviews,
    related: (await related).items.map(withoutStock),
  };
}

function withoutStock({ stock: _, ...product }: Item): Product {
  return product;
}
