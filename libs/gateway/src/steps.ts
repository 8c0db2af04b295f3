import type { RequestLimits } from '@facet/policy';
import { authenticate, checkRoute } from './access/admission.js';
import type { GatewayAuth } from './auth.js';
import type { ReplyWriter } from './reply/writer.js';
import type { Step } from './request/steps.js';
import type { Route } from './routes/route.js';
import { answerPreflights, setCorsFields, type Cors } from './http/cors.js';
import { validateRequest } from './http/request-validation.js';
import type { GatewayMetrics } from './metrics/gateway-metrics.js';
import { refusePenalized } from './policy/penalties.js';
import type { Policies } from './policy/policies.js';
import { limitRate } from './policy/limit-rate.js';
import { shed } from './policy/shedding.js';
import { countVisitors } from './policy/anonymous.js';

interface Parts extends Pick<Policies, 'plans' | 'shedder'> {
  readonly auth: GatewayAuth | undefined;
  readonly cors: Cors | undefined;
  readonly limits: RequestLimits;
  readonly metrics: GatewayMetrics;
  readonly writer: ReplyWriter;
}

/** What is done for a request, in this order, before its route answers it. */
export function stepsOf({ auth, cors, limits, metrics, writer, plans, shedder }: Parts): {
  /** As soon as its headers are there, for whatever is asked for. */
  readonly arriving: readonly Step[];
  /** Once its body is there, for a route; what a route has no use for is left out at boot. */
  readonly stepsFor: (route: Route | undefined) => readonly Step[];
} {
  return {
    arriving: [
      ...(cors === undefined ? [] : [setCorsFields(cors)]),
      ...(plans === undefined ? [] : [refusePenalized(plans, auth?.authenticator)]),
      ...(shedder === undefined
        ? []
        : [shed({ shedder, onShed: (criticality) => metrics.shed(criticality) })]),
      validateRequest(limits),
      ...(cors === undefined ? [] : [answerPreflights(cors, writer)]),
      ...(plans === undefined ? [] : [countVisitors(plans)]),
    ],
    // Who is refused has been counted before: as who they are, or by their address.
    stepsFor: (route) => [
      ...(auth === undefined ? [] : [authenticate(auth, plans)]),
      ...(plans === undefined ? [] : [limitRate(plans)]),
      ...(route?.access === 'public' ? [] : [checkRoute(auth)]),
    ],
  };
}
