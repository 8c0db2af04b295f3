export { createUpstreams, type Upstreams } from './upstreams.js';
export type { UpstreamHealth, UpstreamOptions, UpstreamSettings, UpstreamSnapshot } from './upstream.js';
export type { CallContext, Priority } from './layers/layer.js';
export type { EventMap, EventName, Events, Listener } from './events.js';
export type { InstanceSnapshot } from './instances/instance.js';
export type { Discovery, DiscoveryObserver } from './discovery/discovery.js';
export { staticList } from './discovery/static-list.js';
export { faultCodes, type FaultCode } from './faults.js';
