import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { incomingOf, type IncomingRequest } from '../answers/incoming.js';
import { runSteps, type Step } from '../exchange/steps.js';
import type { Idempotency } from '../policy/idempotency.js';
import type { ProblemFilter } from '../problems/filter.js';
import type { Route } from './route.js';
import { answeringOf, statusOf } from './serve.js';

interface Parts {
  /** What is done for every route before it is answered. */
  readonly steps: readonly Step[];
  readonly idempotency: Idempotency | undefined;
  readonly problems: ProblemFilter;
}

/** Lets Fastify answer routes of `routes.ts` directly: nothing of Nest stands before them. */
export function answerDirectly(instance: FastifyInstance, routes: readonly Route[], parts: Parts): void {
  for (const route of routes) {
    instance.route({
      method: route.method,
      url: route.path,
      handler: handlerOf(route, parts),
    });
  }
}

function handlerOf(route: Route, { steps, idempotency, problems }: Parts) {
  const answering = answeringOf(route);
  const status = statusOf(route);
  const perform =
    idempotency === undefined || !route.isIdempotent
      ? answering
      : (incoming: IncomingRequest) => {
          const { request, reply } = incoming.context;
          return idempotency.once(request, reply, async () => answering(incoming));
        };
  const answer = (incoming: IncomingRequest): void => {
    const { request, reply } = incoming.context;
    const send = (body: unknown) => {
      if (reply.statusCode === 200 && status !== 200) reply.code(status);
      reply.send(body);
    };
    const refuse = (error: unknown) => problems.answer(error, request, reply);
    try {
      const answered = perform(incoming);
      if (answered instanceof Promise) answered.then(send, refuse);
      else send(answered);
    } catch (error) {
      refuse(error);
    }
  };
  return (request: FastifyRequest, reply: FastifyReply): void => {
    const incoming = incomingOf(request);
    const verdict = runSteps(steps, incoming.context);
    const go = (refusal: unknown) => {
      if (refusal === undefined) answer(incoming);
      else problems.answer(refusal, request, reply);
    };
    if (verdict instanceof Promise) verdict.then(go, go);
    else go(verdict);
  };
}
