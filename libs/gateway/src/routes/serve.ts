import { parseInput } from '../answers/input.js';
import type { AnswerBody, GatewayRequest } from '../answers/gateway-request.js';
import { inputBinder } from './bind.js';
import type { Route } from './route.js';

/** Answers one request of a route. */
export type Answering = (request: GatewayRequest) => AnswerBody | object | Promise<AnswerBody | object>;

/** The status of an answer that is no refusal. */
export function statusOf({ target }: Pick<Route, 'target'>): number {
  return target.kind === 'saga' ? 201 : 200;
}

/** What answers a route of `routes.ts`, made once. */
export function answeringOf({ method, path, target }: Route): Answering {
  switch (target.kind) {
    case 'aggregation':
      return (request) => request.answer(target.aggregation);
    case 'operation': {
      const bind = inputBinder(target.operation, target.sources);
      return (request) =>
        request.forward(target.operation, parseInput(target.operation.input, bind(request)));
    }
    case 'saga':
      return (request) => request.perform(target.saga, target.preparation, target.location as never);
    case 'usage':
      return (request) => request.usage();
    case 'handler':
      throw new Error(`${method} ${path} is answered by a controller`);
  }
}
