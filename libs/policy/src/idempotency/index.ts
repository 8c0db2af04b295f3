export { IdempotencyKeys, type Begun, type Held, type IdempotencyKeysOptions } from './keys.js';
export { checkIdempotency, type IdempotencyPolicy } from './once.js';
