import { Controller } from '@nestjs/common';
import type { ParsedInputOf } from '@facet/contracts';
import { Implements } from '@facet/service';
import { orders } from '@facet/shop-orders';
import { DeadLetters } from './dead-letters.js';
import { Subscriptions } from './subscriptions.js';

type Input<Name extends keyof typeof orders> = ParsedInputOf<(typeof orders)[Name]>;

@Controller()
export class WebhooksController {
  constructor(
    private readonly webhooks: Subscriptions,
    private readonly letters: DeadLetters,
  ) {}

  @Implements(orders.subscribe)
  subscribe(input: Input<'subscribe'>) {
    return this.webhooks.subscribe(input);
  }

  @Implements(orders.unsubscribe)
  unsubscribe(input: Input<'unsubscribe'>) {
    return this.webhooks.unsubscribe(input);
  }

  @Implements(orders.subscriptions)
  subscriptions(input: Input<'subscriptions'>) {
    return this.webhooks.list(input);
  }

  @Implements(orders.deadLetters)
  deadLetters(input: Input<'deadLetters'>) {
    return this.letters.list(input);
  }

  @Implements(orders.redeliver)
  redeliver(input: Input<'redeliver'>) {
    return this.letters.redeliver(input);
  }
}
