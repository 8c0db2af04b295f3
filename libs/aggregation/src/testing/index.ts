export { answer, type SpecAnswer } from '@facet/contracts/testing';
export { checkBudget, type Cost } from './budget.js';
export { failureMatrix, type SpecRun } from './failure-matrix.js';
export { SpecFault } from '../faults.js';
