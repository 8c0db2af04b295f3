export { aggregation } from './aggregation/generator.js';
export { bff } from './bff/generator.js';
export { contract } from './contract/generator.js';
export { remove } from './remove/generator.js';
export { service } from './service/generator.js';
export { startFresh } from './start-fresh/generator.js';
export { complete } from './questions.js';
export { terminal } from './terminal.js';
