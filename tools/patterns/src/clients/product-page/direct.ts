import type { Product } from '@facet/shop-catalog';
import type { StockLevel } from '@facet/shop-inventory';
import type { Api, Show } from '../api.js';
import { PRODUCT, type ProductPage, type Reviews } from './screen.js';

interface Levels {
  readonly items: readonly StockLevel[];
}
interface Relations {
  readonly items: readonly { readonly productId: string }[];
}
interface Products {
  readonly items: readonly Product[];
}

/** What may be missing is not waited for longer than this. */
const optional = { timeoutMs: 1_500 };

export async function productPage(api: Api, show: Show): Promise<ProductPage> {
  const asked = api.get<Product>(`/catalog/product?id=${PRODUCT}`);
  const levels = api
    .get<Levels>(`/inventory/levels?ids=${PRODUCT}`, optional)
    .catch((): Levels => ({ items: [] }));
  const reviews = api
    .get<Reviews>(`/products/${PRODUCT}/reviews?pageSize=10`, optional)
    .catch(() => undefined);
  const related = relatedTo(api);
  const product = await asked;
  show('product, without stock');
  return {
    product,
    stock: (await levels).items[0],
    reviews: await reviews,
    related: await related,
  };
}

async function relatedTo(api: Api): Promise<readonly Product[]> {
  try {
    const path = `/recommendations/related?productId=${PRODUCT}&limit=8`;
    const { items } = await api.get<Relations>(path, optional);
    const ids = items.map(({ productId }) => productId);
    const products = await api.get<Products>(`/catalog/productsByIds?ids=${ids.join(',')}`, optional);
    const byId = new Map(products.items.map((product) => [product.id as string, product]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  } catch {
    return [];
  }
}
