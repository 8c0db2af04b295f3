import { Answers, Incoming, type IncomingRequest } from '@facet/gateway';
import { Controller, Get } from '@nestjs/common';
import { sync, syncAnswer } from './sync.aggregation.js';

@Controller('v1')
export class SyncController {
  @Get('sync')
  @Answers(sync, {
    access: { kind: 'user', scopes: ['orders:read'] },
    answer: syncAnswer,
    summary: 'What has changed since a token',
  })
  sync(@Incoming() request: IncomingRequest) {
    return request.answer(sync);
  }
}
