import { checkNames, POSITIVE_COUNT, POSITIVE_MS, withDefaults, type NumericOptions } from '@facet/contracts';
import { ABILITIES, checkAbilities, type Ability } from './abilities.js';
import { checkPort } from './options.js';

/** Where a channel leads, and its bounds. Every bound has a default; what is over one fails at once. */
export interface ChannelOptions extends Partial<ChannelBounds> {
  readonly host: string;
  readonly port: number;
  /** What it asks of a server that has it; all by default. */
  readonly abilities?: readonly Ability[];
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

const bounds: NumericOptions<ChannelBounds> = {
  defaults: {
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
  },
  ranges: {
    connectTimeoutMs: POSITIVE_MS,
    handshakeTimeoutMs: POSITIVE_MS,
    maxFrameBytes: POSITIVE_COUNT,
    maxPending: POSITIVE_COUNT,
    maxPendingBytes: POSITIVE_COUNT,
    maxQueueBytes: POSITIVE_COUNT,
    maxStreamValues: POSITIVE_COUNT,
    partialFrameTimeoutMs: POSITIVE_MS,
    keepAliveMs: POSITIVE_MS,
    acknowledgeAfterMs: { min: 0, max: Infinity },
  },
};

/** All but where a channel leads. */
export type ChannelSettings = Omit<ChannelOptions, 'host' | 'port'>;

export type CheckedChannelSettings = ChannelBounds & Required<Pick<ChannelOptions, 'abilities'>>;

/** The same with its defaults. Throws a RangeError that names, in `group`, what is faulty or does not exist. */
export function checkChannelSettings(group: string, settings: ChannelSettings): CheckedChannelSettings {
  checkNames(group, settings, [...Object.keys(bounds.defaults), 'abilities']);
  const { abilities = ABILITIES, ...given } = settings;
  return { ...withDefaults(group, bounds, given), abilities: checkAbilities(group, abilities) };
}

export function checkChannelOptions(
  options: ChannelOptions,
): CheckedChannelSettings & Pick<ChannelOptions, 'host' | 'port'> {
  const { host, port, ...settings } = options;
  if (typeof host !== 'string' || host === '') {
    throw new RangeError(`Channel.host: got ${JSON.stringify(host)}, expected a name or an address`);
  }
  checkPort('Channel', port, 1);
  return { ...checkChannelSettings('Channel', settings), host, port };
}
