import { Answers, Incoming, type IncomingRequest } from '@facet/gateway';
import { Controller, Get } from '@nestjs/common';
import { home, homeAnswer } from './home.aggregation.js';

@Controller('v1')
export class HomeController {
  @Get('home')
  @Answers(home, { access: 'public', answer: homeAnswer, summary: 'The first screen' })
  home(@Incoming() request: IncomingRequest) {
    return request.answer(home);
  }
}
