export { CallRecord, type CallExtras } from './call-record.js';
export type { Address } from './channel-pool.js';
export { callDirectly, type DirectHandler, type DirectOptions } from './direct-handlers.js';
export { FacetClient, type FacetClientOptions } from './facet-client.js';
export { FacetContext } from './facet-context.js';
export { FacetServer, type FacetServerOptions } from './facet-server.js';
export { WireErrorFilter } from './wire-error.filter.js';
