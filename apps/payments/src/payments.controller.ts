import { Controller } from '@nestjs/common';
import type { ParsedInputOf } from '@facet/contracts';
import { Implements, type ServiceContext } from '@facet/service';
import { payments } from '@facet/shop-payments';
import { Books } from './books.js';
import { Provider } from './provider.js';

type Input<Name extends keyof typeof payments> = ParsedInputOf<(typeof payments)[Name]>;

@Controller()
export class PaymentsController {
  constructor(
    private readonly books: Books,
    private readonly provider: Provider,
  ) {}

  @Implements(payments.payment)
  payment(input: Input<'payment'>) {
    return this.books.payment(input);
  }

  @Implements(payments.ledger)
  ledger({ reference }: Input<'ledger'>) {
    return this.books.ledger(reference);
  }

  @Implements(payments.authorise)
  authorise(input: Input<'authorise'>, context: ServiceContext) {
    return this.provider.authorise(input, context);
  }

  @Implements(payments.capture)
  capture(input: Input<'capture'>) {
    return this.provider.capture(input);
  }

  @Implements(payments.void)
  void(input: Input<'void'>) {
    return this.provider.void(input);
  }

  @Implements(payments.refund)
  refund(input: Input<'refund'>) {
    return this.provider.refund(input);
  }
}
