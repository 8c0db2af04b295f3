import type { Product } from '@facet/shop-catalog';
import type { StockLevel } from '@facet/shop-inventory';

/** What the page of a product shows in a browser. */
export interface ProductPage {
  readonly product: Product;
  readonly stock?: StockLevel | undefined;
  readonly reviews?: Reviews | undefined;
  readonly related: readonly Product[];
}

export interface Reviews {
  readonly rating: { readonly average: number; readonly count: number };
  readonly histogram: readonly number[];
  readonly items: readonly object[];
}

/** The product that is looked at. */
export const PRODUCT = 'prd_0234';
