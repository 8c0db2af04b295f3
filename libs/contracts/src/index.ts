export { callOf, dispatchOf } from './call.js';
export type {
  Answer,
  AnswerHandler,
  Call,
  CallOptions,
  CallRequest,
  Cancel,
  CancelledBy,
  Dispatch,
} from './call.js';
export { ownCustomer, type Caller, type ClientRequest } from './caller.js';
export { canonicalJson } from './canonical-json.js';
export { systemClock, type Clock } from './clock.js';
export { DeadlineTimer } from './deadline-timer.js';
export { checkDeprecation, deprecated, type Deprecation } from './deprecation.js';
export {
  asCodedError,
  cancelledError,
  CodedError,
  errorCodes,
  factsOf,
  isRefusal,
  timeoutError,
  type CodedErrorOptions,
  type ErrorFacts,
} from './errors.js';
export { changesOf, tellsOfChanges, type ChangesQuery } from './changes.js';
export type { Priority } from './priority.js';
export { pickerOf, type Picker, type PickerOptions } from './picker.js';
export { selection, selectionOf, type FirstOf, type Selection, type SelectionOptions } from './selection.js';
export type { AttemptReason, SentAttempt, SentCall, ServerTimes, SqlTimes } from './sent-call.js';
export { Cancellation, type Signal } from './signal.js';
export {
  customerId,
  entities,
  id,
  idsIn,
  idsInJson,
  type EntityOwner,
  type FoundId,
  type Id,
  type OwnedId,
} from './id.js';
export { sampleOf } from './sample.js';
export { VirtualClock } from './virtual-clock.js';
export { RawJson, toJson } from './raw-json.js';
export { hasNoBody, httpPlaces, type HttpBinding, type HttpMethod, type HttpPlaces } from './http.js';
export { patternText, type MessagePattern, type Values } from './message.js';
export {
  checkNames,
  checkNumber,
  COUNT,
  MS,
  POSITIVE_COUNT,
  POSITIVE_MS,
  SHARE,
  withDefaults,
  type NumericOptions,
  type Range,
  type Ranges,
} from './options.js';
export { command, query, service } from './operation.js';
export type {
  ByIds,
  Freshness,
  InputOf,
  Operation,
  OperationAccess,
  OperationKind,
  Owner,
  OutputOf,
  ParsedInputOf,
} from './operation.js';

export {
  cursor,
  idempotencyKey,
  money,
  page,
  pageInfo,
  pageSize,
  text,
  timestamp,
  type Money,
} from './common.js';
