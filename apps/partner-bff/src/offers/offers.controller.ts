import { Answers, Incoming, type IncomingRequest } from '@facet/gateway';
import { Controller, Get } from '@nestjs/common';
import { offers, offersAnswer } from './offers.aggregation.js';

@Controller('v1')
export class OffersController {
  @Get('offers')
  @Answers(offers, {
    access: { scopes: ['catalog:read', 'inventory:read'] },
    answer: offersAnswer,
    summary: 'Price and stock of many products',
  })
  offers(@Incoming() request: IncomingRequest) {
    return request.answer(offers);
  }
}
