export { ABILITIES, type Ability } from './abilities.js';
export type { IncomingContext, OutgoingCall } from './call.js';
export type { ReplyObserver } from './calls.js';
export { Channel, type ChannelEvents, type ChannelState } from './channel.js';
export {
  checkChannelSettings,
  type ChannelBounds,
  type ChannelOptions,
  type ChannelSettings,
} from './channel-options.js';
export { RemoteError, TransportError, type TransportCode, type TransportErrorOptions } from './errors.js';
export type { IncomingRequest } from './incoming-request.js';
export { stockPeer, type Peer } from './peer.js';
export type { ReplyHandler } from './pending.js';
export { WireServer, type RequestHandler } from './server.js';
export type { HandledRequest, ServerBounds, WireServerOptions } from './server-options.js';
export type { TimesCollector } from './server-times.js';
