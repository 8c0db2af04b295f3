/** What a partner's server takes over: price and stock of the products that it sells. */
export interface PartnerFeed {
  readonly items: readonly Offer[];
}

export interface Offer {
  readonly id: string;
  readonly sku: string;
  readonly price: { readonly amount: number; readonly currency: string };
  readonly stock: { readonly status: string; readonly available: number };
}

/** The products that the partner sells. */
export const IDS: readonly string[] = Array.from(
  { length: 100 },
  (_, index) => `prd_${String(1 + index * 7).padStart(4, '0')}`,
);
