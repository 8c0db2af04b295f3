import { Redis } from 'ioredis';
import { afterReading } from './after-reading.js';
import type { Fault } from './fault.js';

export interface SharedRedisOptions {
  /** `redis://host:port`, `rediss://…` for TLS; may carry a password. */
  readonly url: string;
  /** How long one question may take, in milliseconds. Default 1,000. */
  readonly timeoutMs?: number;
  /** Told of a connection that failed; it is tried again, at most a second later. */
  readonly onError?: (error: Error) => void;
}

/** A connection that fails fast: what it is asked while Redis is away is a fault at once, never a wait. */
export class SharedRedis {
  readonly #redis: Redis;
  readonly #timeoutMs: number;

  /** `unavailable` makes the fault of a command that failed. */
  constructor(
    { url, timeoutMs = 1_000, onError }: SharedRedisOptions,
    private readonly unavailable: (cause: unknown) => Fault,
  ) {
    this.#timeoutMs = timeoutMs;
    this.#redis = new Redis(url, {
      connectTimeout: timeoutMs,
      disconnectTimeout: 100,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (attempt) => Math.min(attempt * 100, 1_000),
    });
    // As many may wait for a connection as ask while there is none.
    this.#redis.setMaxListeners(0);
    this.#redis.on('error', (error: Error) => onError?.(error));
  }

  /** Waits for a first connection that is still being made; a lost one fails at once. */
  async ask<T>(command: (redis: Redis) => Promise<T>): Promise<T> {
    try {
      const { status } = this.#redis;
      if (status === 'connecting' || status === 'connect') await connected(this.#redis, this.#timeoutMs);
      return await within(this.#timeoutMs, command(this.#redis));
    } catch (cause) {
      throw this.unavailable(cause);
    }
  }

  /** True where nobody has used `key` within `ttlMs`; from now on somebody has. */
  async firstUse(key: string, ttlMs: number): Promise<boolean> {
    const lifeMs = Math.max(1, Math.ceil(ttlMs));
    return (await this.ask((redis) => redis.set(key, '1', 'PX', lifeMs, 'NX'))) === 'OK';
  }

  close(): void {
    this.#redis.disconnect();
  }
}

function connected(redis: Redis, timeoutMs: number): Promise<void> {
  let done = () => undefined as void;
  const settled = new Promise<void>((resolve) => {
    done = resolve;
    redis.once('ready', done).once('close', done);
  });
  return within(timeoutMs, settled).finally(() => redis.off('ready', done).off('close', done));
}

/** Rejects after `ms`. ioredis' own limit would take a pause of this process for one of Redis. */
function within<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = afterReading(ms, () => reject(new Error(`no answer of Redis in ${ms} ms`)));
    void work.then(resolve, reject).finally(cancel);
  });
}
