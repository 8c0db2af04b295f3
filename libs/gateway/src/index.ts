export { RequireAccess } from './access/access.js';
export type { AuthFactory, GatewayAuth, Plugin } from './auth.js';
export { GatewayRequest, Incoming, type AnswerBody } from './answers/gateway-request.js';
export { parseInput } from './answers/input.js';
export {
  gatewayConfig,
  type GatewayConfig,
  type GatewayConfigReader,
  type GatewayDefaults,
  type ServicePlace,
} from './config.js';
export { describeGateway } from './describe.js';
export { createGateway, startGateway } from './gateway.js';
export type { ConsoleFactory, ConsoleReader, GatewayConsole, GatewayInside } from './console.js';
export type { GatewayOptions } from './options.js';
export { Costs } from './rate-limit/costs.js';
export { SkipThrottle, Throttle } from './http/throttler.js';
export { usageAnswer, type Usage } from './rate-limit/usage.js';
export { definePolicy, type Policy } from './policy.js';
export { problemOf, type Problem } from './problems/problem.js';
export type * from './record/record.js';
export { AuditAllows } from './routes/audit.js';
export { Criticality } from './routes/criticality.js';
export { Deprecated } from './routes/deprecation.js';
export { Slo, type Objectives } from './routes/objectives.js';
export { Answers, Performs, Shows, Writes } from './routes/decorators.js';
export {
  route,
  usage,
  type AggregationRouteOptions,
  type OperationRouteOptions,
  type RouteOptions,
  type SagaRouteOptions,
} from './routes/define.js';
export type { UpstreamsOption } from './upstreams.js';
export type { Route, Source } from './routes/route.js';
export { GATEWAY_CONFIG, GATEWAY_LOGGER, SERVICE_CALLS } from './gateway.module.js';
