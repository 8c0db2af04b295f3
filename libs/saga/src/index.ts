export type { InputOfSaga, Preparation, Preparing } from './preparation.js';
export { runSaga, type RunSagaOptions, type SagaOutcome } from './run-saga.js';
export { failuresOf, SagaError, type Unresolved } from './saga-error.js';
export { saga, type Command, type Compensation, type Saga, type SagaBuilder, type Step } from './saga.js';
