import type { Product } from '@facet/shop-catalog';
import type { StockLevel } from '@facet/shop-inventory';
import type { Api, Show } from '../api.js';
import { IDS, type PartnerFeed } from './screen.js';

interface Products {
  readonly items: readonly Product[];
}
interface Levels {
  readonly items: readonly StockLevel[];
}

export async function partnerFeed(api: Api, show: Show): Promise<PartnerFeed> {
  const ids = IDS.join(',');
  const [products, levels] = await Promise.all([
    api.get<Products>(`/catalog/productsByIds?ids=${ids}`),
    api.get<Levels>(`/inventory/levels?ids=${ids}`),
  ]);
  show('everything');
  const stockOf = new Map(levels.items.map((level) => [level.id as string, level]));
  return {
    items: products.items.map(({ id, sku, price }) => {
      const { status = 'out', available = 0 } = stockOf.get(id) ?? {};
      return { id, sku, price, stock: { status, available } };
    }),
  };
}
