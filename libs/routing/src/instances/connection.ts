import { TransportError, type Peer } from '@facet/transport';
import type { Clock } from '@facet/contracts';
import { fullJitter } from '../back-off.js';
import type { KindChannel } from '../kinds/kind.js';

export interface ReconnectOptions {
  /** The first pause between attempts to connect, in ms; each later one may be twice as long, with full jitter. */
  baseMs: number;
  /** The longest such pause, in ms. */
  maxMs: number;
}

export const reconnectDefaults: ReconnectOptions = { baseMs: 50, maxMs: 2_000 };

export interface ConnectionSetup {
  /** Makes the channel of one attempt to connect. */
  open: () => KindChannel;
  reconnect: ReconnectOptions;
  clock: Clock;
  random: () => number;
  /** Told whenever the connection can, or can no longer, be used. */
  changed: () => void;
  connected: (peer: Peer) => void;
  connectFailed: (code: string, retryInMs: number) => void;
  /** The connection broke (`code`), or its end was asked for (`draining`). */
  lost: (code: string) => void;
}
/** So many probes without an answer, and the connection is made anew: its way may be dead though its peer is not. */
const RENEW_AFTER_PROBES = 10;

/** One of an instance's connections: made, watched, and made again with a growing pause when it breaks. */
export class Connection {
  #channel: KindChannel | undefined;
  #peer: Peer | undefined;
  #attempt = 0;
  #readySince = 0;
  #failedProbes = 0;
  #cancelTimer: () => void = () => undefined;
  #isEnded = false;
  /** Those the peer asked no new requests of, until what is pending on them is answered. */
  readonly #draining = new Map<KindChannel, Promise<void>>();
  /** When the next attempt begins; 0 while one is under way or none is needed. */
  retryAt = 0;
  /** Whether the last attempt failed; not so where the peer accepts and then closes at once. */
  isRefused = false;

  constructor(private readonly setup: ConnectionSetup) {}

  /** The channel while requests may be sent on it. */
  get channel(): KindChannel | undefined {
    return this.#peer !== undefined && this.#channel?.state === 'ready' ? this.#channel : undefined;
  }

  /** What the other end can do, while the connection is ready. */
  get peer(): Peer | undefined {
    return this.#peer;
  }

  /** Whether it is being made for the first time, of which nothing can be said yet. */
  get isUntried(): boolean {
    return this.#attempt === 0 && !this.isRefused && this.#channel !== undefined && this.#peer === undefined;
  }

  connect(): void {
    if (this.#isEnded) return;
    this.retryAt = 0;
    const channel = this.setup.open();
    this.#channel = channel;
    channel.on('close', (error) => this.#lost(channel, error?.code ?? 'transport.closed'));
    channel.on('drain', () => this.#drainAsked(channel));
    channel.connect().then(
      (peer) => this.#ready(channel, peer),
      (error: unknown) => this.#failed(channel, codeOf(error)),
    );
  }

  /** Ends a pause between attempts that failed, and begins anew with short ones. */
  reconnectNow(): void {
    if (!this.isRefused) return;
    this.#attempt = 0;
    if (this.retryAt === 0) return; // one is under way: its pauses will be short ones, should it fail
    this.#cancelTimer();
    this.connect();
  }

  /** Asks through the peer's event loop; rejects where no answer came in time. Only while ready. */
  async probe(timeoutMs: number): Promise<void> {
    const channel = this.channel;
    if (channel === undefined) return;
    try {
      await channel.ping(timeoutMs);
      this.#failedProbes = 0;
    } catch (error) {
      this.#failedProbes += 1;
      if (this.#failedProbes >= RENEW_AFTER_PROBES) channel.destroy();
      throw error;
    }
  }

  /** Lets what is pending finish, then ends for good. */
  async drain(): Promise<void> {
    const channel = this.#channel;
    const isReady = this.channel !== undefined;
    this.#end();
    if (isReady && channel !== undefined) this.#drainChannel(channel);
    else channel?.destroy();
    await Promise.all(this.#draining.values());
  }

  destroy(): void {
    this.#end();
    this.#channel?.destroy();
    for (const channel of this.#draining.keys()) channel.destroy();
  }

  #end(): void {
    this.#isEnded = true;
    this.#peer = undefined;
    this.#cancelTimer();
  }

  #ready(channel: KindChannel, peer: Peer): void {
    if (this.#isEnded) return channel.destroy();
    this.#peer = peer;
    this.isRefused = false;
    this.#failedProbes = 0;
    this.#readySince = this.setup.clock.now();
    this.setup.connected(peer);
    this.setup.changed();
  }

  #failed(channel: KindChannel, code: string): void {
    if (this.#isEnded || this.#channel !== channel) return;
    channel.destroy();
    this.#channel = undefined;
    this.isRefused = true;
    this.setup.connectFailed(code, this.#connectLater());
    this.setup.changed();
  }

  #lost(channel: KindChannel, code: string): void {
    if (this.#isEnded || this.#channel !== channel || this.#peer === undefined) return;
    this.#peer = undefined;
    this.#channel = undefined;
    // A peer that accepts and then closes at once must not be connected to in a tight loop. One whose answer was too
    // large closed nothing: this end did, and only for a call.
    const { clock, reconnect } = this.setup;
    const isOurDoing = code === 'transport.frame-too-large';
    if (isOurDoing || clock.now() - this.#readySince >= reconnect.maxMs) this.#attempt = 0;
    this.#connectLater();
    this.setup.lost(code);
    this.setup.changed();
  }

  #drainAsked(channel: KindChannel): void {
    if (this.#channel !== channel) return;
    this.#lost(channel, 'draining');
    this.#drainChannel(channel);
  }

  #drainChannel(channel: KindChannel): void {
    const drained = channel
      .drain()
      .catch(() => channel.destroy())
      .finally(() => this.#draining.delete(channel));
    this.#draining.set(channel, drained);
  }

  #connectLater(): number {
    const { clock, reconnect, random } = this.setup;
    const delayMs = fullJitter(this.#attempt, reconnect, random);
    this.#attempt += 1;
    this.retryAt = clock.now() + delayMs;
    this.#cancelTimer = clock.after(delayMs, () => this.connect());
    return delayMs;
  }
}

export function codeOf(error: unknown): string {
  return error instanceof TransportError ? error.code : 'transport.closed';
}
