import { products } from './products.js';
import { once, Random } from './random.js';

export interface SampleWarehouse {
  readonly code: string;
  readonly name: string;
}

export interface SampleStock {
  readonly productId: string;
  readonly warehouse: string;
  readonly onHand: number;
}

export const warehouses: readonly SampleWarehouse[] = [
  { code: 'BER', name: 'Berlin' },
  { code: 'BGY', name: 'Bergamo' },
  { code: 'LYS', name: 'Lyon' },
  { code: 'RTM', name: 'Rotterdam' },
];

/** How much of each product is in each warehouse: of one in sixteen nothing, of one in eight little. */
export const stock = once((): readonly SampleStock[] => {
  const random = new Random('stock');
  return products().flatMap(({ id }) => {
    const plenty = random.int(8, 90);
    const most = random.chance(1 / 16) ? 0 : random.chance(1 / 8) ? 2 : plenty;
    return warehouses.map(({ code }) => ({
      productId: id,
      warehouse: code,
      onHand: random.chance(0.2) ? 0 : random.int(0, most),
    }));
  });
});
