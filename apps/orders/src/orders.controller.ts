import { Controller } from '@nestjs/common';
import type { ParsedInputOf } from '@facet/contracts';
import { Implements } from '@facet/service';
import { orders } from '@facet/shop-orders';
import { OrderBook } from './order-book.js';
import { OrderDesk } from './order-desk.js';

type Input<Name extends keyof typeof orders> = ParsedInputOf<(typeof orders)[Name]>;

@Controller()
export class OrdersController {
  constructor(
    private readonly book: OrderBook,
    private readonly desk: OrderDesk,
  ) {}

  @Implements(orders.list)
  list(input: Input<'list'>) {
    return this.book.list(input);
  }

  @Implements(orders.order)
  order(input: Input<'order'>) {
    return this.book.one(input);
  }

  @Implements(orders.byReference)
  byReference(input: Input<'byReference'>) {
    return this.book.byReference(input);
  }

  @Implements(orders.changes)
  changes(input: Input<'changes'>) {
    return this.book.changes(input);
  }

  @Implements(orders.place)
  place(input: Input<'place'>) {
    return this.desk.place(input);
  }

  @Implements(orders.confirm)
  confirm(input: Input<'confirm'>) {
    return this.desk.confirm(input);
  }

  @Implements(orders.cancel)
  cancel(input: Input<'cancel'>) {
    return this.desk.cancel(input);
  }
}
