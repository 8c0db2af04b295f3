import { Incoming, Performs, type IncomingRequest } from '@facet/gateway';
import { checkout, ofCustomer } from '@facet/shop-checkout';
import { order } from '@facet/shop-orders';
import { Controller, Post } from '@nestjs/common';

@Controller('v1')
export class CheckoutController {
  @Post('checkout')
  @Performs(checkout, ofCustomer, {
    access: { kind: 'user', scopes: ['orders:write'] },
    answer: order,
    summary: 'Buys what is in the basket',
  })
  checkout(@Incoming() request: IncomingRequest) {
    return request.perform(checkout, ofCustomer, ({ id }) => `/v1/orders/${id}`);
  }
}
