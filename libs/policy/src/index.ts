export { definePolicy, type Policy } from './policy.js';
export { openSharedState, type SharedState } from './shared-state.js';
