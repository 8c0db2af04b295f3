import { Incoming, Shows, usageAnswer, type IncomingRequest } from '@facet/gateway';
import { Controller, Get } from '@nestjs/common';

@Controller('v1')
export class UsageController {
  @Get('usage')
  @Shows({ access: {}, answer: usageAnswer, summary: "The caller's plan, and what has been used of it" })
  usage(@Incoming() request: IncomingRequest) {
    return request.usage();
  }
}
