import { Answers, Incoming, type IncomingRequest } from '@facet/gateway';
import { Controller, Get } from '@nestjs/common';
import { search, searchAnswer } from './search.aggregation.js';

@Controller('api')
export class SearchController {
  @Get('search')
  @Answers(search, { access: 'public', answer: searchAnswer, summary: 'Products by words' })
  search(@Incoming() request: IncomingRequest) {
    return request.answer(search);
  }
}
