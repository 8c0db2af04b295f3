import type { FastifyInstance, FastifyRequest } from 'fastify';
import { requestOf, type GatewayRequest } from '../answers/gateway-request.js';
import type { SharedAnswers } from '../cache/shared-answers.js';
import type { Idempotency } from '../idempotency/idempotency.js';
import type { ProblemFilter } from '../problems/filter.js';
import { JSON_TYPE, type Body, type ReplyWriter } from '../reply/writer.js';
import type { Endpoint } from '../request/endpoint.js';
import { runSteps, type Step } from '../request/steps.js';
import type { Route } from './route.js';
import { answeringOf, statusOf } from './serve.js';

interface Parts {
  /** What is done for a route before it is answered. */
  readonly stepsFor: (route: Route) => readonly Step[];
  readonly endpointFor: (route: Route) => Endpoint;
  /** What answers a route for all who ask the same, where that may be. */
  readonly sharedFor: (route: Route) => SharedAnswers | undefined;
  readonly idempotency: Idempotency | undefined;
  readonly problems: ProblemFilter;
  readonly writer: ReplyWriter;
}

/** Answers routes of `routes.ts` directly: nothing of Nest stands before them. */
export function answerDirectly(instance: FastifyInstance, routes: readonly Route[], parts: Parts): void {
  for (const route of routes) {
    instance.route({
      method: route.method,
      url: route.path,
      config: { endpoint: parts.endpointFor(route) },
      handler: handlerOf(route, parts),
    });
  }
}

function handlerOf(route: Route, { stepsFor, sharedFor, idempotency, problems, writer }: Parts) {
  const steps = stepsFor(route);
  const answering = answeringOf(route);
  const status = statusOf(route);
  const perform =
    idempotency === undefined || !route.isIdempotent
      ? answering
      : (request: GatewayRequest) => idempotency.once(request, async () => answering(request));
  const shared = sharedFor(route);
  const send = (request: GatewayRequest, answered: object | string | undefined): void => {
    const body = bodyOf(request, answered);
    if (request.status === 0) request.status = status;
    shared?.done(request, body, alone);
    writer.write(request, body);
  };
  const refuse = (error: unknown, request: GatewayRequest): void => {
    shared?.done(request, undefined, alone);
    problems.refuse(error, request);
  };
  const alone = (request: GatewayRequest): void => {
    try {
      if (request.cancelledBy !== undefined) return refuse(request.cancelledBy, request);
      if (status !== 200) request.status = status;
      const answered = perform(request);
      if (answered instanceof Promise) {
        answered.then(
          (body) => send(request, body),
          (error: unknown) => refuse(error, request),
        );
      } else send(request, answered);
    } catch (error) {
      refuse(error, request);
    }
  };
  const answer = (request: GatewayRequest): void =>
    shared === undefined ? alone(request) : shared.answer(request, alone);
  return (raw: FastifyRequest): void => {
    const request = requestOf(raw);
    const refusal = runSteps(steps, request);
    if (refusal === undefined) return answer(request);
    const go = (late: unknown): void => {
      if (late === undefined) answer(request);
      else problems.refuse(late, request);
    };
    if (refusal instanceof Promise) refusal.then(go, go);
    else go(refusal);
  };
}

/** A value as JSON; what is written already as it is. */
function bodyOf(request: GatewayRequest, answered: object | string | undefined): Body {
  if (typeof answered !== 'object' || Buffer.isBuffer(answered) || 'pipe' in answered)
    return answered as Body;
  request.contentType = JSON_TYPE;
  return JSON.stringify(answered);
}
