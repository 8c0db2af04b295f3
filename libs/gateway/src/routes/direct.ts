import type { FastifyInstance, FastifyRequest } from 'fastify';
import { JSON_TYPE, requestOf, type GatewayRequest } from '../answers/gateway-request.js';
import type { Idempotency } from '../policy/idempotency.js';
import type { ProblemFilter } from '../problems/filter.js';
import type { Body, ReplyWriter } from '../reply/writer.js';
import type { Endpoint } from '../request/endpoint.js';
import { runSteps, type Step } from '../request/steps.js';
import type { Route } from './route.js';
import { answeringOf, statusOf } from './serve.js';

interface Parts {
  /** What is done for a route before it is answered. */
  readonly stepsFor: (route: Route) => readonly Step[];
  readonly endpointFor: (route: Route) => Endpoint;
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

function handlerOf(route: Route, { stepsFor, idempotency, problems, writer }: Parts) {
  const steps = stepsFor(route);
  const answering = answeringOf(route);
  const status = statusOf(route);
  const perform =
    idempotency === undefined || !route.isIdempotent
      ? answering
      : (request: GatewayRequest) => idempotency.once(request, async () => answering(request));
  const send = (request: GatewayRequest, answered: object | string | undefined): void => {
    if (request.status === 0) request.status = status;
    writer.write(request, bodyOf(request, answered));
  };
  const answer = (request: GatewayRequest): void => {
    try {
      const answered = perform(request);
      if (answered instanceof Promise) {
        answered.then(
          (body) => send(request, body),
          (error: unknown) => problems.refuse(error, request),
        );
      } else send(request, answered);
    } catch (error) {
      problems.refuse(error, request);
    }
  };
  return (raw: FastifyRequest): void => {
    const request = requestOf(raw);
    const verdict = runSteps(steps, request);
    if (verdict === undefined) return answer(request);
    const go = (refusal: unknown): void => {
      if (refusal === undefined) answer(request);
      else problems.refuse(refusal, request);
    };
    if (verdict instanceof Promise) verdict.then(go, go);
    else go(verdict);
  };
}

/** A value as JSON; what is written already as it is. */
function bodyOf(request: GatewayRequest, answered: object | string | undefined): Body {
  if (typeof answered !== 'object' || Buffer.isBuffer(answered) || 'pipe' in answered)
    return answered as Body;
  request.contentType = JSON_TYPE;
  return JSON.stringify(answered);
}
