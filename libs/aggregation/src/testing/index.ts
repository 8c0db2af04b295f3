export { answer, callOf, type SpecAnswer } from './answers.js';
export { checkBudget, type Cost } from './budget.js';
export { failureMatrix, type SpecRun } from './failure-matrix.js';
export { SpecFault } from './faults.js';
export { VirtualClock } from './virtual-clock.js';
