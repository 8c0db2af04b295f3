import { Answers, Incoming, type IncomingRequest } from '@facet/gateway';
import { Controller, Get } from '@nestjs/common';
import { home, homeAnswer } from './home.aggregation.js';

@Controller('api')
export class HomeController {
  @Get('home')
  @Answers(home, { access: 'public', answer: homeAnswer, summary: "The shop's front page" })
  home(@Incoming() request: IncomingRequest) {
    return request.answer(home);
  }
}
