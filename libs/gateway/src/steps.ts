import type { RequestLimits } from './http/limits.js';
import { authenticate, checkRoute } from './access/admission.js';
import type { GatewayAuth } from './auth.js';
import type { ReplyWriter } from './reply/writer.js';
import type { Step } from './request/steps.js';
import { sayDeprecated } from './routes/say-deprecated.js';
import type { Route } from './routes/route.js';
import { answerPreflights, setCorsFields, type Cors } from './http/cors.js';
import { validateRequest } from './http/request-validation.js';
import type { GatewayMetrics } from './metrics/gateway-metrics.js';
import { refusePenalized } from './rate-limit/penalties.js';
import type { Policies } from './policies.js';
import { limitRate } from './rate-limit/limit-rate.js';
import { shed } from './shedding/shed.js';
import { countByAddress, countUnrouted } from './rate-limit/anonymous.js';

interface Parts extends Pick<Policies, 'rateLimits' | 'shedder'> {
  readonly auth: GatewayAuth | undefined;
  readonly cors: Cors | undefined;
  readonly limits: RequestLimits;
  readonly metrics: GatewayMetrics;
  readonly writer: ReplyWriter;
}

/** What is done for a request, in this order, before its route answers it. */
export function stepsOf({ auth, cors, limits, metrics, writer, rateLimits, shedder }: Parts): {
  /** As soon as its headers are there, for whatever is asked for. */
  readonly arriving: readonly Step[];
  /** Once its body is there, for a route; what a route has no use for is left out at boot. */
  readonly stepsFor: (route: Route | undefined) => readonly Step[];
} {
  return {
    arriving: [
      ...(cors === undefined ? [] : [setCorsFields(cors)]),
      ...(rateLimits === undefined ? [] : [refusePenalized(rateLimits, auth?.authenticator)]),
      ...(shedder === undefined
        ? []
        : [shed({ shedder, onShed: (criticality) => metrics.shed(criticality) })]),
      validateRequest(limits),
      ...(cors === undefined ? [] : [answerPreflights(cors, writer)]),
      ...(rateLimits === undefined ? [] : [countUnrouted(rateLimits)]),
    ],
    // Who is refused has been counted before: as who they are, or by their address.
    stepsFor: (route) => [
      ...(route === undefined ? [] : sayDeprecated(route)),
      ...(auth === undefined ? [] : [authenticate(auth, rateLimits && countByAddress(rateLimits))]),
      ...(rateLimits === undefined ? [] : [limitRate(rateLimits)]),
      ...(route?.access === 'public' ? [] : [checkRoute(auth)]),
    ],
  };
}
