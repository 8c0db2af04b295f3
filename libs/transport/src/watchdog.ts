import { systemClock } from '@facet/contracts';
import type { ChannelBounds } from './channel-options.js';

interface Watched {
  isPartial(): boolean;
  /** Asks the peer for a sign of life. */
  ping(): void;
  dead(message: string): void;
}

/** Notices a peer that is there for TCP and silent for us: in the middle of a frame, or altogether. */
export class Watchdog {
  #lastSeen = 0;
  #stopAlive: (() => void) | undefined;
  #stopPartial: (() => void) | undefined;
  #pinged = false;
  #stopped = false;

  constructor(
    private readonly bounds: Pick<ChannelBounds, 'keepAliveMs' | 'partialFrameTimeoutMs'>,
    private readonly watched: Watched,
  ) {}

  start(): void {
    this.#lastSeen = performance.now();
    this.#watchAlive();
  }

  stop(): void {
    this.#stopped = true;
    this.#stopAlive?.();
    this.#stopPartial?.();
  }

  /** A byte came. */
  saw(): void {
    this.#lastSeen = performance.now();
    this.#pinged = false;
  }

  /** A frame is half received. Costs a timer only where there is none. */
  watchPartial(): void {
    if (!this.#stopped)
      this.#stopPartial ??= systemClock.after(this.bounds.partialFrameTimeoutMs, () => this.#checkPartial());
  }

  #checkPartial(): void {
    this.#stopPartial = undefined;
    if (!this.watched.isPartial()) return;
    const { partialFrameTimeoutMs } = this.bounds;
    const left = this.#lastSeen + partialFrameTimeoutMs - performance.now();
    if (left <= 1)
      return this.watched.dead(`stalled in the middle of a frame for ${partialFrameTimeoutMs} ms`);
    this.#stopPartial = systemClock.after(left, () => this.#checkPartial());
  }

  #watchAlive(): void {
    this.#stopAlive = systemClock.after(this.bounds.keepAliveMs, () => {
      this.#watchAlive();
      this.#checkAlive();
    });
  }

  #checkAlive(): void {
    if (performance.now() - this.#lastSeen < this.bounds.keepAliveMs * 0.9) return;
    if (this.#pinged) return this.watched.dead(`gave no sign of life for ${this.bounds.keepAliveMs * 2} ms`);
    this.#pinged = true;
    this.watched.ping();
  }
}
