export interface AggregationOptions {
  readonly name: string;
  readonly bff: string;
  /** `catalog.products,inventory.levels?` */
  readonly parts: string;
  /** `products/:productId` */
  readonly path?: string;
  /** Where services are of which nobody has said so yet: `users=4090`. */
  readonly address?: string;
}
