export { bindOperations, type ClientOptions, type DeprecationNotice } from './client.js';
export { bearer, type TokenSource } from './credentials/bearer.js';
export type { Credentials, OutgoingRequest } from './credentials/credentials.js';
export {
  createDpopKey,
  dpop,
  dpopProof,
  dpopThumbprint,
  type DpopKey,
  type ProofOptions,
} from './credentials/dpop.js';
export {
  apiKey,
  clientCredentials,
  signed,
  type ClientCredentialsOptions,
  type SigningOptions,
} from './credentials/partner.js';
export { session, signInUrl, type SessionOptions } from './credentials/session.js';
export type {
  Answered,
  CallOptions,
  ClientProblem,
  DegradedOf,
  Endpoint,
  ErrorPiece,
  InputOf,
  Operation,
  Problem,
  ProblemsOf,
  Refused,
  Result,
  StreamedEndpoint,
  StreamOptions,
} from './operation.js';
