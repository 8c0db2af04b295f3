import { Injectable } from '@nestjs/common';
import type { OutputOf } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { Database } from '@facet/service';
import type { accounts } from '@facet/shop-accounts';
import { inArray } from 'drizzle-orm';
import { addresses, customers } from './schema.js';

type Customer = OutputOf<typeof accounts.customer>;

@Injectable()
export class Customers {
  constructor(private readonly db: Database) {}

  async one(id: string): Promise<Customer> {
    const [customer] = await this.byIds([id]);
    if (customer === undefined)
      throw new Fault('accounts.customer-not-found', 404, 'there is no such customer');
    return customer;
  }

  async byIds(ids: readonly string[]): Promise<Customer[]> {
    const wanted = [...new Set(ids)];
    const [people, places] = await Promise.all([
      this.db.select().from(customers).where(inArray(customers.id, wanted)),
      this.db
        .select()
        .from(addresses)
        .where(inArray(addresses.customerId, wanted))
        .orderBy(addresses.position),
    ]);
    return people.map((person) => ({
      ...person,
      addresses: places
        .filter(({ customerId }) => customerId === person.id)
        .map(({ customerId: _customerId, position: _position, ...address }) => address),
    }));
  }
}
