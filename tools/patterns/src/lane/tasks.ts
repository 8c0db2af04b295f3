import type { Protocol } from '../clients/http.js';
import type { PacketLinkEnd } from '../network/packet-link.js';
import type { Network } from '../network/networks.js';
import type { Front, ScreenName, Way } from '../ways.js';
import type { Turn } from './turn.js';

/** What a lane is given when it starts. */
export interface LaneSettings {
  readonly network: Network;
  /** The TLS port of each front. */
  readonly ports: Readonly<Record<Front, number>>;
  readonly tls: { readonly ca: string; readonly host: string };
  readonly keys: readonly string[];
  /** The client's end of a link of packets; the model of one where there is none. */
  readonly packets?: PacketLinkEnd;
  readonly seed: number;
}

export interface Cell {
  readonly screen: ScreenName;
  readonly way: Way;
  readonly protocol: Protocol;
  /** Whether the connections were there before, and had carried the screen. */
  readonly warm: boolean;
}

/** What a lane is asked to do; it answers with turns. */
export type Task =
  | { readonly kind: 'cell'; readonly cell: Cell; readonly turns: number }
  /** The screen again so much later, by a client that keeps what it may. */
  | {
      readonly kind: 'again';
      readonly screen: ScreenName;
      readonly way: Way;
      readonly laterMs: number;
      readonly turns: number;
    }
  /** So many calls, each of which needs the one before it: from the client, or behind one call of a gateway. */
  | {
      readonly kind: 'chain';
      readonly length: number;
      readonly way: 'direct' | 'general';
      readonly turns: number;
    };

export interface LaneReply {
  readonly id: number;
  readonly turns?: readonly Turn[];
  readonly error?: string;
}
