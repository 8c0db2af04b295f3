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

export { accounts, address, customer } from './accounts.js';
export { apiKey, type StoredApiKey } from './api-keys.js';
export {
  basket,
  catalog,
  category,
  image,
  imageSize,
  product,
  productSort,
  rating,
  review,
  type Product,
} from './catalog.js';
export { cursor, id, idempotencyKey, money, text, type Money } from './common.js';
export { inventory, stockLevel, stockStatus, type StockLevel } from './inventory.js';
export { order, orderLine, orders, shippingAddress, type Order } from './orders.js';
export { orderStatus } from './order-webhooks.js';
export { ledgerEntry, payment, payments, paymentStatus, testCards, type Payment } from './payments.js';
export { recommendation, recommendations } from './recommendations.js';
