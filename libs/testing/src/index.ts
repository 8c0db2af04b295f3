export { startCollector, type CollectedSpan, type Collector } from './collector.js';
export { databaseEnv, startTestDatabase, type TestDatabase } from './database.js';
export { eventually, eventuallyPasses, type EventuallyOptions } from './eventually.js';
export { startIssuer, type Issuer, type TokenOptions } from './issuer.js';
export { otherGateways } from './other-gateways.js';
export { startProcess, type ProcessOptions } from './process.js';
export { hasRedis, startRedis, type TestRedis } from './redis.js';
export { hasRedisPair, startRedisPair, type RedisPair } from './redis-pair.js';
export { startRedisSentinels, type RedisSentinels } from './redis-sentinels.js';
export {
  connectService,
  type ServiceCallOptions,
  type ServiceClient,
  type ServiceClientOptions,
} from './service-client.js';
export { signIn } from './sign-in.js';
export { startSignInWorld } from './sign-in-world.js';
export { placeOf, startWorld, type Env, type World, type WorldOptions } from './world.js';
export type { AppProcess, Exit } from '@facet/dev';
