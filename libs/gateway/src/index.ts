export { RequireAccess } from './access/access.js';
export type { AuthFactory, GatewayAuth, Plugin } from './auth.js';
export { Answers } from './answers/answers.js';
export { Incoming, IncomingRequest, type AnswerBody } from './answers/incoming.js';
export { parseInput } from './answers/input.js';
export {
  gatewayConfig,
  type GatewayConfig,
  type GatewayConfigReader,
  type GatewayDefaults,
} from './config.js';
export { createGateway, startGateway } from './gateway.js';
export type { GatewayOptions } from './options.js';
export { Performs } from './sagas/performs.js';
export { Costs } from './policy/costs.js';
export { SkipThrottle, Throttle } from './policy/throttler.js';
export { Writes } from './policy/needs-key.js';
export { usageAnswer, type Usage } from './policy/usage.js';
export type { Problem } from './problems/problem.js';
export { Deprecated, type Deprecation } from './routes/deprecation.js';
export { passThrough } from './routes/pass-through.js';
export { Shows } from './routes/shows.js';
export type { UpstreamsOption } from './upstreams.js';
export { route, type PassThroughRoute, type RouteOptions, type Source } from './routes/routes.js';
