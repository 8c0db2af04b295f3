export interface AggregationOptions {
  readonly name: string;
  readonly bff: string;
  /** `catalog.products,inventory.levels?` */
  readonly parts: string;
  /** `products/:productId` */
  readonly path?: string;
}
