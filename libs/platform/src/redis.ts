import { setTimeout as sleep } from 'node:timers/promises';
import { Redis, type RedisOptions } from 'ioredis';
import { systemClock } from '@facet/contracts';
import type { Fault } from './fault.js';
import { sentinelsOf } from './redis-address.js';

export interface SharedRedisOptions {
  /** `redis://host:port`, `rediss://…` for TLS; may carry a password. Or `redis-sentinel://a,b,c/name`. */
  readonly url: string;
  /** How long one question may take, in milliseconds. Default 1,000. */
  readonly timeoutMs?: number;
  /** Told of a connection that failed, at first and then every ten seconds; it is tried again at most a second later. */
  readonly onError?: (error: Error) => void;
}

const TOLD_EVERY_MS = 10_000;

/** How often a connection is asked whether it still leads to the primary, in milliseconds, and how long it may take to say so. */
const LOOK_EVERY_MS = 1_000;
const LOOK_TIMEOUT_MS = 2_000;

/**
 * A connection to the primary that fails fast: what it is asked while that is away is a fault at once, never a wait. After a
 * failover the name of Redis leads elsewhere while the old primary goes on answering as a replica, loads its data, or hangs:
 * then the connection is dropped, the name resolved again, and nothing is believed before the primary has been found.
 */
export class SharedRedis {
  readonly #redis: Redis;
  readonly #timeoutMs: number;
  readonly #onError: (error: Error) => void;
  #toldAt = -Infinity;
  readonly #onUsable = new Set<() => void>();
  readonly #waiting = new Set<() => void>();
  readonly #closed = new AbortController();
  #isUsable = false;
  #failures = 0;
  #connection = 0;

  /** `unavailable` makes the fault of a command that failed. */
  constructor(
    { url, timeoutMs = 1_000, onError = () => undefined }: SharedRedisOptions,
    private readonly unavailable: (cause: unknown) => Fault,
  ) {
    this.#timeoutMs = timeoutMs;
    this.#onError = onError;
    const sentinels = sentinelsOf(url);
    const options: RedisOptions = {
      connectTimeout: timeoutMs,
      disconnectTimeout: 100,
      enableOfflineQueue: false,
      // Whether it can be used is looked at below, and whether it is the primary with it.
      enableReadyCheck: false,
      maxRetriesPerRequest: 0,
      retryStrategy: () => Math.min(100 * ++this.#failures, 1_000) * (0.5 + Math.random() / 2),
    };
    this.#redis = sentinels === undefined ? new Redis(url, options) : new Redis({ ...options, ...sentinels });
    this.#redis.on('error', (error: Error) => this.#tell(error));
    this.#redis.on('connect', () => void this.#look((this.#connection += 1)));
    this.#redis.on('close', () => this.#settle(false));
    void this.#lookAgain();
  }

  /** Waits for a connection that is being made; a lost one fails at once. */
  async ask<T>(command: (redis: Redis) => Promise<T>): Promise<T> {
    try {
      if (!this.#isUsable) await this.#becomesUsable();
      return await within(this.#timeoutMs, command(this.#redis));
    } catch (cause) {
      if (isOfNoPrimary(cause)) this.#drop(cause as Error);
      throw this.unavailable(cause);
    }
  }

  /** True where nobody has used `key` within `ttlMs`; from now on somebody has. */
  async firstUse(key: string, ttlMs: number): Promise<boolean> {
    const lifeMs = Math.max(1, Math.ceil(ttlMs));
    return (await this.ask((redis) => redis.set(key, '1', 'PX', lifeMs, 'NX'))) === 'OK';
  }

  /** Tells whenever the primary can be asked, and can be again. */
  onUsable(listener: () => void): void {
    this.#onUsable.add(listener);
  }

  close(): void {
    this.#closed.abort();
    this.#redis.disconnect();
  }

  async #becomesUsable(): Promise<void> {
    if (!['connecting', 'connect', 'ready'].includes(this.#redis.status))
      throw new Error('no connection to Redis');
    let settled = () => undefined as void;
    const waited = new Promise<void>((resolve) => this.#waiting.add((settled = resolve)));
    await within(this.#timeoutMs, waited).finally(() => this.#waiting.delete(settled));
    if (!this.#isUsable) throw new Error('no connection to the primary of Redis');
  }

  /** A primary that was overthrown closes no connection, and one whose machine has gone says nothing at all. */
  async #lookAgain(): Promise<void> {
    const { signal } = this.#closed;
    while (!signal.aborted) {
      await sleep(LOOK_EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
      if (this.#isUsable) await this.#look(this.#connection);
    }
  }

  async #look(connection: number): Promise<void> {
    try {
      await within(LOOK_TIMEOUT_MS, requirePrimary(this.#redis));
      if (connection === this.#connection && this.#redis.status === 'ready') this.#settle(true);
    } catch (error) {
      if (connection === this.#connection) this.#drop(error as Error);
    }
  }

  /** The next connection begins with the name. */
  #drop(why: Error): void {
    if (this.#closed.signal.aborted || !['connect', 'ready'].includes(this.#redis.status)) return;
    this.#settle(false);
    this.#tell(why);
    this.#redis.disconnect(true);
  }

  #tell(error: Error): void {
    const now = performance.now();
    if (now - this.#toldAt < TOLD_EVERY_MS) return;
    this.#toldAt = now;
    this.#onError(error);
  }

  #settle(isUsable: boolean): void {
    const isNew = isUsable && !this.#isUsable;
    this.#isUsable = isUsable;
    for (const settled of this.#waiting) settled();
    if (!isNew) return;
    this.#failures = 0;
    this.#toldAt = -Infinity;
    for (const tell of this.#onUsable) tell();
  }
}

/** Rejects where it is a replica, or is not ready to answer. While it has not been greeted yet, it waits for that. */
async function requirePrimary(redis: Redis): Promise<void> {
  if (redis.status === 'connect') await new Promise((resolve) => redis.once('ready', resolve));
  const [role] = await Promise.all([redis.role().catch(whereForbidden), redis.ping()]);
  if (role[0] !== 'master') throw new Error(`this Redis is a ${String(role[0])}, not the primary`);
}

/** Where this user may not ask for the role, a replica is noticed by what it refuses. */
function whereForbidden(error: unknown): ['master'] {
  if (/^(NOPERM|ERR unknown command)/.test((error as Error).message)) return ['master'];
  throw error;
}

/** Whether Redis says that it is not, not yet or not any more the one to ask. Older ones say so within a script's error. */
function isOfNoPrimary(error: unknown): boolean {
  const { message, previousErrors = [] } = error as Error & { previousErrors?: readonly Error[] };
  const all = [message, ...previousErrors.map((each) => each.message)];
  return all.some((text) => /(^|[\s-])(READONLY|LOADING|MASTERDOWN|NOREPLICAS|CLUSTERDOWN)\b/.test(text));
}

/** Rejects after `ms`. ioredis' own limit would take a pause of this process for one of Redis. */
function within<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = systemClock.after(ms, () => reject(new Error(`no answer of Redis in ${ms} ms`)));
    void work.then(resolve, reject).finally(cancel);
  });
}
