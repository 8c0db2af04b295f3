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
export { createGateway, startGateway } from './gateway.js';
export type { ConsoleFactory, ConsoleReader, GatewayConsole, GatewayInside } from './console.js';
export type { GatewayOptions } from './options.js';
export { Costs } from './policy/costs.js';
export { SkipThrottle, Throttle } from './policy/throttler.js';
export { usageAnswer, type Usage } from './policy/usage.js';
export { problemOf, type Problem } from './problems/problem.js';
export type * from './record/record.js';
export { Deprecated, type Deprecation } from './routes/deprecation.js';
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
