import { ABILITIES, type Ability } from './abilities.js';

/** What the other end of a channel showed in the handshake. A stock server shows nothing: all is false. */
export interface Peer {
  /** Whether it speaks our extensions: it is a server of ours, and not a stock one. */
  readonly hasExtensions: boolean;
  /** It drops work whose time is over. */
  readonly deadline: boolean;
  /** It stops work that nobody waits for. */
  readonly cancel: boolean;
  /** It says when it wants no new requests. */
  readonly drain: boolean;
  /** It answers with the fields asked for alone. */
  readonly fields: boolean;
  /** It answers with the first elements of a list alone. */
  readonly first: boolean;
  /** It says how long its queue, its handler and its SQL took, where it is asked. */
  readonly times: boolean;
  /** The largest frame it takes, in bytes; undefined for a stock server. */
  readonly maxFrameBytes: number | undefined;
  /** What the server was given to show: its name, version, instance. */
  readonly info: Readonly<Record<string, string>>;
}

/** An end that has none of our extensions. */
export const stockPeer: Peer = Object.freeze({
  hasExtensions: false,
  deadline: false,
  cancel: false,
  drain: false,
  fields: false,
  first: false,
  times: false,
  maxFrameBytes: undefined,
  info: Object.freeze({}),
});

/** Reads the answer to the handshake, in which only `wanted` abilities count; anything but an answer of ours is a stock peer. */
export function readPeer(hello: unknown, wanted: readonly Ability[] = ABILITIES): Peer {
  const { facet, can, maxFrameBytes, info } = asObject(hello);
  if (typeof facet !== 'number') return stockPeer;
  const able = new Set(Array.isArray(can) ? can : []);
  return {
    hasExtensions: true,
    deadline: able.has('deadline'),
    cancel: able.has('cancel'),
    drain: able.has('drain'),
    fields: wanted.includes('fields') && able.has('fields'),
    first: wanted.includes('first') && able.has('first'),
    times: wanted.includes('times') && able.has('times'),
    maxFrameBytes: typeof maxFrameBytes === 'number' && maxFrameBytes > 0 ? maxFrameBytes : undefined,
    info: strings(info),
  };
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function strings(value: unknown): Record<string, string> {
  const entries = Object.entries(asObject(value)).filter(([, text]) => typeof text === 'string');
  return Object.fromEntries(entries) as Record<string, string>;
}
