export type { IncomingContext, OutgoingCall, Priority } from './call.js';
export { Channel, type ChannelEvents, type ChannelState } from './channel.js';
export type { ChannelBounds, ChannelOptions } from './channel-options.js';
export { RemoteError, TransportError, type TransportCode, type TransportErrorOptions } from './errors.js';
export type { IncomingRequest } from './incoming-request.js';
export type { Peer } from './peer.js';
export type { Receiver } from './pending.js';
export { WireServer, type RequestHandler } from './server.js';
export type { ServerBounds, WireServerOptions } from './server-options.js';
