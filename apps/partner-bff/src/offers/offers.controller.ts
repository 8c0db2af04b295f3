import { Answers, Incoming, type IncomingRequest } from '@facet/gateway';
import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { offers, offersAnswer } from './offers.aggregation.js';

const access = { scopes: ['catalog:read', 'inventory:read'] };
const summary = 'Price and stock of many products';

@Controller('v1')
export class OffersController {
  @Get('offers')
  @Answers(offers, { access, answer: offersAnswer, summary })
  offers(@Incoming() request: IncomingRequest) {
    return request.answer(offers);
  }

  /** For more ids than an address can carry. */
  @Post('offers')
  @HttpCode(200)
  @Answers(offers, { access, answer: offersAnswer, summary: `${summary}, asked for in a body` })
  offersByBody(@Incoming() request: IncomingRequest) {
    return request.answer(offers);
  }
}
