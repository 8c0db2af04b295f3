import { Answers, Incoming, type IncomingRequest } from '@facet/gateway';
import { Controller, Get } from '@nestjs/common';
import { order, orderAnswer } from './order.aggregation.js';
import { orders, ordersAnswer } from './orders.aggregation.js';

const access = { kind: 'user', scopes: ['orders:read'] } as const;

@Controller('v1')
export class OrdersController {
  @Get('orders')
  @Answers(orders, { access, answer: ordersAnswer, summary: "The customer's orders, newest first" })
  orders(@Incoming() request: IncomingRequest) {
    return request.answer(orders);
  }

  @Get('orders/:id')
  @Answers(order, { access, answer: orderAnswer, summary: 'One order of the customer' })
  order(@Incoming() request: IncomingRequest) {
    return request.answer(order);
  }
}
