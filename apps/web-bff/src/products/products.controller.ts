import { Answers, Incoming, type IncomingRequest } from '@facet/gateway';
import { Controller, Get } from '@nestjs/common';
import { products, productsAnswer } from './products.aggregation.js';

@Controller('api')
export class ProductsController {
  @Get('products')
  @Answers(products, { access: 'public', answer: productsAnswer, summary: 'Products by category and words' })
  products(@Incoming() request: IncomingRequest) {
    return request.answer(products);
  }
}
