import { Incoming, Performs, type IncomingRequest } from '@facet/gateway';
import { checkout, ofPartner } from '@facet/shop-checkout';
import { order } from '@facet/shop-orders';
import { Controller, Post } from '@nestjs/common';

@Controller('v1')
export class OrdersController {
  @Post('orders')
  @Performs(checkout, ofPartner, {
    access: { scopes: ['orders:write'] },
    answer: order,
    summary: "Orders under the partner's own reference",
  })
  order(@Incoming() request: IncomingRequest) {
    return request.perform(
      checkout,
      ofPartner,
      ({ reference }) => `/v1/orders/${encodeURIComponent(reference ?? '')}`,
    );
  }
}
