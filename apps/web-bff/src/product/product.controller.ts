import { Answers, Incoming, type IncomingRequest } from '@facet/gateway';
import { Controller, Get } from '@nestjs/common';
import { product, productAnswer } from './product.aggregation.js';

@Controller('api')
export class ProductController {
  @Get('products/:id')
  @Answers(product, { access: 'public', answer: productAnswer, summary: "A product's page" })
  product(@Incoming() request: IncomingRequest) {
    return request.answer(product);
  }
}
