export { Meter, type MeterOptions, type Reading } from './meter.js';
export {
  slidingWindow,
  windowNames,
  windowsOf,
  type Plan,
  type PlansPolicy,
  type PlanWindow,
  type Rate,
  type WindowName,
} from './plan.js';
export { RedisCounters } from './redis-counters.js';
