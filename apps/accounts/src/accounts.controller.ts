import { Controller } from '@nestjs/common';
import type { ParsedInputOf } from '@facet/contracts';
import { Implements } from '@facet/service';
import { accounts } from '@facet/shop-accounts';
import { Customers } from './customers.js';

@Controller()
export class AccountsController {
  constructor(private readonly customers: Customers) {}

  @Implements(accounts.customer)
  customer({ id }: ParsedInputOf<typeof accounts.customer>) {
    return this.customers.one(id);
  }

  @Implements(accounts.customersByIds)
  async customersByIds({ ids }: ParsedInputOf<typeof accounts.customersByIds>) {
    return { items: await this.customers.byIds(ids) };
  }
}
