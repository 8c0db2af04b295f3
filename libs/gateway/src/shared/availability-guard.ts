import type { SharedRedis } from '@facet/platform/redis';

type Asking<T> = Parameters<SharedRedis['ask']>[0] extends (redis: infer R) => Promise<unknown>
  ? (redis: R) => Promise<T>
  : never;

/** How often a Redis that did not answer is looked for, in milliseconds. */
const PROBE_MS = 500;

/**
 * What instances share, as something that may be away: once it did not answer, it is asked nothing more until it has
 * been seen again, so that no request waits for it a second time.
 */
export class AvailabilityGuard {
  #isAway = false;
  #timer: NodeJS.Timeout | undefined;

  /** `isBack` is what has to succeed before it counts as being there again; `onAway` is told once it is missed. */
  constructor(
    private readonly shared: SharedRedis,
    private readonly isBack: () => Promise<void> = () => Promise.resolve(),
    private readonly onAway: () => void = () => undefined,
  ) {}

  get isAway(): boolean {
    return this.#isAway;
  }

  /** Undefined where it is away, or has just proven to be. */
  async ask<T>(question: Asking<T>): Promise<T | undefined> {
    if (this.#isAway) return undefined;
    try {
      return await this.shared.ask(question);
    } catch {
      this.#leaveAlone();
      return undefined;
    }
  }

  close(): void {
    this.#isAway = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #leaveAlone(): void {
    if (this.#isAway) return;
    this.#isAway = true;
    this.onAway();
    this.#probeLater();
  }

  #probeLater(): void {
    this.#timer = setTimeout(() => void this.#probe(), PROBE_MS).unref();
  }

  async #probe(): Promise<void> {
    try {
      await this.shared.ask((redis) => redis.ping());
      await this.isBack();
      if (this.#timer !== undefined) this.#isAway = false;
    } catch {
      if (this.#timer !== undefined) this.#probeLater();
    }
  }
}
