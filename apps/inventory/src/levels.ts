import { Injectable } from '@nestjs/common';
import { Database } from '@facet/service';
import type { StockLevel } from '@facet/shop-inventory';
import { availabilityOf, type Available } from './availability.js';

const LOW = 10;

@Injectable()
export class Levels {
  constructor(private readonly db: Database) {}

  async of(productIds: readonly string[]): Promise<StockLevel[]> {
    const rows = await availabilityOf(this.db, [...new Set(productIds)]);
    const byProduct = new Map<string, Available[]>();
    for (const row of rows) {
      const known = byProduct.get(row.productId);
      if (known === undefined) byProduct.set(row.productId, [row]);
      else known.push(row);
    }
    return [...byProduct].map(([id, places]) => levelOf(id, places));
  }
}

export function levelOf(id: string, places: readonly Available[]): StockLevel {
  const available = places.reduce((sum, place) => sum + place.available, 0);
  return {
    id,
    status: available === 0 ? 'out' : available < LOW ? 'low' : 'in-stock',
    available,
    warehouses: places.map(({ code, name, available: here }) => ({ code, name, available: here })),
  };
}
