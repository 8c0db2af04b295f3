// Made by `npm run clients` from the document of the gateway: do not edit.

export { createClient, type WebBff } from './client.js';
export type * from './models.js';
export {
  apiKey,
  bearer,
  clientCredentials,
  createDpopKey,
  dpop,
  dpopProof,
  dpopThumbprint,
  session,
  signed,
  signInUrl,
} from '@facet/client-runtime';
