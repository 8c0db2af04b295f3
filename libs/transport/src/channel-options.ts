import { checkPort, withDefaults } from './options.js';

/** Where a channel leads, and its bounds. Every bound has a default; what is over one fails at once. */
export interface ChannelOptions extends Partial<ChannelBounds> {
  readonly host: string;
  readonly port: number;
}

/** Times in milliseconds. */
export interface ChannelBounds {
  /** For TCP to connect. 1000. */
  readonly connectTimeoutMs: number;
  /** For the answer to the handshake. 1000. */
  readonly handshakeTimeoutMs: number;
  /** The largest frame, in and out, in bytes. 1 MiB. */
  readonly maxFrameBytes: number;
  /** Calls that wait for an answer. 4096. */
  readonly maxPending: number;
  /** Their requests together, as the wire counts them (UTF-16 units). 16 MiB. */
  readonly maxPendingBytes: number;
  /** What the operating system has not taken yet, in UTF-16 units. 16 MiB. */
  readonly maxQueueBytes: number;
  /** Answers of one stream that nobody has read yet. 1024. */
  readonly maxStreamValues: number;
  /** How long a frame may stay half received without a further byte. 10,000. */
  readonly partialFrameTimeoutMs: number;
  /** After this long without a byte the peer is asked for a sign; without one for as long again, it is dead. 15,000. */
  readonly keepAliveMs: number;
  /** After this long a stock server's answers are acknowledged where more are due; `Infinity` for never. 1. */
  readonly acknowledgeAfterMs: number;
}

const DEFAULTS: ChannelBounds = {
  connectTimeoutMs: 1000,
  handshakeTimeoutMs: 1000,
  maxFrameBytes: 1024 * 1024,
  maxPending: 4096,
  maxPendingBytes: 16 * 1024 * 1024,
  maxQueueBytes: 16 * 1024 * 1024,
  maxStreamValues: 1024,
  partialFrameTimeoutMs: 10_000,
  keepAliveMs: 15_000,
  acknowledgeAfterMs: 1,
};

export function checkChannelOptions(options: ChannelOptions): ChannelBounds & { host: string; port: number } {
  if (typeof options.host !== 'string' || options.host === '') {
    throw new TypeError(`Channel: host must be a name or an address, got ${JSON.stringify(options.host)}`);
  }
  checkPort('Channel', options.port, 1);
  const known = ['host', 'port', ...Object.keys(DEFAULTS)];
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(`Channel: ${unknown} is no option; there are ${known.join(', ')}`);
  }
  const bounds = withDefaults('Channel', { ...DEFAULTS }, options);
  return { ...bounds, host: options.host, port: options.port };
}
