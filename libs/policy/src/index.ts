export { definePolicy, type Policy } from './policy.js';
export {
  Meter,
  RedisCounters,
  slidingWindow,
  windowNames,
  windowsOf,
  type MeterOptions,
  type Plan,
  type PlansPolicy,
  type PlanWindow,
  type Rate,
  type Reading,
  type WindowName,
} from './plans/index.js';
export { openSharedState, type SharedState } from './shared-state.js';
