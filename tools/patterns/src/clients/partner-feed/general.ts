import type { Product } from '@facet/shop-catalog';
import type { StockLevel } from '@facet/shop-inventory';
import type { Api, Show } from '../api.js';
import { IDS, type PartnerFeed } from './screen.js';

interface Items {
  readonly items: readonly (Product & { readonly stock?: StockLevel })[];
}

export async function partnerFeed(api: Api, show: Show): Promise<PartnerFeed> {
  const { items } = await api.get<Items>(`/v1/products?ids=${IDS.join(',')}`);
  show('everything');
  return {
    items: items.map(({ id, sku, price, stock }) => ({
      id,
      sku,
      price,
      stock: { status: stock?.status ?? 'out', available: stock?.available ?? 0 },
    })),
  };
}
