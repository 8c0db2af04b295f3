import { Channel } from '../channel.js';
import type { ChannelBounds } from '../channel-options.js';
import { TransportError } from '../errors.js';

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface ChannelPoolOptions {
  readonly servers: readonly Address[];
  /** Connections to each server. */
  readonly connections: number;
  /** The first pause after a failed connect; doubled with every further one, and drawn at random below that. */
  readonly reconnectMinMs: number;
  readonly reconnectMaxMs: number;
  /** Of each connection. */
  readonly bounds: Partial<ChannelBounds>;
  readonly onStatus: (isConnected: boolean) => void;
}

interface Slot {
  readonly address: Address;
  channel: Channel | undefined;
  connecting: Promise<void> | undefined;
  failures: number;
  retryAt: number;
  lastError: unknown;
}

/** A fixed set of connections to a fixed set of servers; calls go where least waits. */
export class ChannelPool {
  readonly #slots: readonly Slot[];

  constructor(private readonly options: ChannelPoolOptions) {
    this.#slots = options.servers.flatMap((address) =>
      Array.from({ length: options.connections }, () => ({
        address,
        channel: undefined,
        connecting: undefined,
        failures: 0,
        retryAt: 0,
        lastError: undefined,
      })),
    );
  }

  /** Resolves when there is a connection. Rejects at once where every server failed and waits for its next attempt. */
  async connect(): Promise<void> {
    const now = performance.now();
    for (const slot of this.#slots) if (isIdle(slot) && slot.retryAt <= now) this.#start(slot);
    if (this.pick() !== undefined) return;
    const attempts = this.#slots.flatMap((slot) => (slot.connecting === undefined ? [] : [slot.connecting]));
    if (attempts.length === 0) throw this.#backingOff(now);
    await Promise.any(attempts).catch((error: AggregateError) => {
      throw error.errors[0];
    });
  }

  /** How many connections take calls. */
  get ready(): number {
    return this.#slots.filter(({ channel }) => channel?.state === 'ready').length;
  }

  /** The connection on which least waits; undefined where there is none. */
  pick(): Channel | undefined {
    let best: Channel | undefined;
    for (const { channel } of this.#slots) {
      if (channel?.state !== 'ready') continue;
      if (best === undefined || channel.pending < best.pending) best = channel;
    }
    return best;
  }

  /** Waits for the answers that are due, `timeoutMs` at most, and closes every connection. */
  async close(timeoutMs: number): Promise<void> {
    const timer = setTimeout(() => this.#destroyAll(), timeoutMs);
    await Promise.allSettled(this.#slots.map(async (slot) => slot.connecting));
    await Promise.all(this.#slots.map(async (slot) => slot.channel?.drain()));
    clearTimeout(timer);
  }

  /** An attempt that nobody waits for may fail: the next `connect` says so, and why. */
  #start(slot: Slot): void {
    slot.connecting = this.#connect(slot);
    slot.connecting.catch(() => undefined);
  }

  async #connect(slot: Slot): Promise<void> {
    const channel = new Channel({ ...this.options.bounds, ...slot.address });
    slot.channel = channel;
    const leave = (): void => this.#leave(slot, channel);
    channel.once('drain', leave).once('close', leave);
    try {
      await channel.connect();
      slot.failures = 0;
      this.options.onStatus(true);
    } catch (error) {
      const { reconnectMinMs, reconnectMaxMs } = this.options;
      const ceiling = Math.min(reconnectMaxMs, reconnectMinMs * 2 ** slot.failures++);
      slot.retryAt = performance.now() + ceiling * (0.5 + Math.random() / 2);
      slot.lastError = error;
      throw error;
    } finally {
      slot.connecting = undefined;
    }
  }

  #leave(slot: Slot, channel: Channel): void {
    if (slot.channel !== channel) return;
    slot.channel = undefined;
    if (this.pick() === undefined) this.options.onStatus(false);
  }

  #backingOff(now: number): TransportError {
    const soonest = Math.min(...this.#slots.map((slot) => slot.retryAt));
    const cause = this.#slots[0]?.lastError;
    const message = `No server can be reached; the next attempt is in ${Math.ceil(soonest - now)} ms`;
    return new TransportError('transport.connect-failed', message, { cause });
  }

  #destroyAll(): void {
    for (const { channel } of this.#slots) channel?.destroy(new Error('the client is closed'));
  }
}

function isIdle(slot: Slot): boolean {
  return slot.channel === undefined && slot.connecting === undefined;
}
