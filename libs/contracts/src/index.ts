export type { Answer, Call, CallOptions } from './call.js';
export type { Caller } from './caller.js';
export { canonicalJson } from './canonical-json.js';
export { changesOf, tellsOfChanges, type ChangesQuery } from './changes.js';
export { Cancellation, type Signal } from './signal.js';
export { RawJson, toJson } from './raw-json.js';
export { command, query, service } from './operation.js';
export type {
  ByIds,
  Freshness,
  InputOf,
  Operation,
  OperationAccess,
  OperationKind,
  OutputOf,
  ParsedInputOf,
} from './operation.js';

export {
  cursor,
  id,
  idempotencyKey,
  money,
  page,
  pageInfo,
  pageSize,
  text,
  timestamp,
  type Money,
} from './common.js';
