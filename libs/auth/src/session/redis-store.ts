import { randomUUID } from 'node:crypto';
import { Fault } from '@facet/platform';
import type { Redis } from 'ioredis';
import { SharedRedis, type SharedRedisOptions } from '@facet/platform/redis';
import type { Session, SessionChange } from './session.js';
import type { SessionStore } from './store.js';

export interface RedisStoreOptions extends SharedRedisOptions {
  /** Whose sessions they are: gateways of several kinds may share a Redis, and see nothing of each other's. */
  readonly client: string;
}

/** Changes a hash that is still there, and when it ends: the session of a user who has left stays gone. */
const UPDATE = `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1`;

/** Lets go of a lock that is still one's own. */
const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`;

/** Sessions in a Redis that all instances of the gateway share, and gateways of other kinds may. */
export class RedisStore implements SessionStore {
  readonly #redis: SharedRedis;
  readonly #prefix: string;

  constructor({ client, ...options }: RedisStoreOptions) {
    this.#prefix = `facet:session:${client}:`;
    this.#redis = new SharedRedis(options, unavailable);
  }

  async create(session: Session, idleMs: number): Promise<void> {
    const data = this.#at('data', session.key);
    await this.#ask(async (redis) => {
      const change = redis.multi().hset(data, fields(session)).pexpire(data, idleMs);
      for (const index of this.#indexes(session)) {
        change.sadd(index, session.key).pexpireat(index, session.expiresAt);
      }
      await change.exec();
    });
  }

  async find(key: string): Promise<Session | undefined> {
    return parse(await this.#ask((redis) => redis.hgetall(this.#at('data', key))));
  }

  async update(key: string, change: SessionChange, idleMs: number): Promise<boolean> {
    const values = [Math.ceil(idleMs), ...fields(change)];
    return (await this.#ask((redis) => redis.eval(UPDATE, 1, this.#at('data', key), ...values))) === 1;
  }

  async remove(session: Session): Promise<boolean> {
    const removed = await this.#ask((redis) => redis.del(this.#at('data', session.key)));
    for (const index of this.#indexes(session)) await this.#ask((redis) => redis.srem(index, session.key));
    return removed === 1;
  }

  ofSubject(subject: string): Promise<Session[]> {
    return this.#members(this.#at('subject', subject));
  }

  ofProviderSession(providerSession: string): Promise<Session[]> {
    return this.#members(this.#at('provider', providerSession));
  }

  firstUse(name: string, ttlMs: number): Promise<boolean> {
    return this.#redis.firstUse(this.#at('used', name), ttlMs);
  }

  async lock(name: string, ttlMs: number): Promise<(() => Promise<void>) | undefined> {
    const key = this.#at('lock', name);
    const mine = randomUUID();
    if ((await this.#ask((redis) => redis.set(key, mine, 'PX', ttlMs, 'NX'))) !== 'OK') return undefined;
    return async () => {
      await this.#ask((redis) => redis.eval(RELEASE, 1, key, mine));
    };
  }

  async check(): Promise<void> {
    await this.#ask((redis) => redis.ping());
  }

  close(): Promise<void> {
    return Promise.resolve(this.#redis.close());
  }

  #at(kind: string, name: string): string {
    return `${this.#prefix}${kind}:${name}`;
  }

  #indexes({ subject, providerSession }: Session): string[] {
    const ofProvider = providerSession === undefined ? [] : [this.#at('provider', providerSession)];
    return [this.#at('subject', subject), ...ofProvider];
  }

  /** The sessions that an index names; those that have ended by themselves are taken out of it. */
  async #members(index: string): Promise<Session[]> {
    const keys = await this.#ask((redis) => redis.smembers(index));
    const found = await Promise.all(keys.map(async (key) => ({ key, session: await this.find(key) })));
    const gone = found.filter(({ session }) => session === undefined).map(({ key }) => key);
    if (gone.length > 0) await this.#ask((redis) => redis.srem(index, ...gone));
    return found.flatMap(({ session }) => session ?? []);
  }

  #ask<T>(command: (redis: Redis) => Promise<T>): Promise<T> {
    return this.#redis.ask(command);
  }
}

function unavailable(cause: unknown): Fault {
  return new Fault('session.store-unavailable', 503, 'Sessions cannot be checked at the moment.', {
    retryAfterMs: 2_000,
    cause,
  });
}

/** The properties of a session as a hash's fields: each by itself, so that two changes do not undo each other. */
function fields(session: Partial<Session>): string[] {
  return Object.entries(session)
    .filter(([, value]) => value !== undefined)
    .flatMap(([name, value]) => [name, JSON.stringify(value)]);
}

function parse(hash: Record<string, string>): Session | undefined {
  if (hash['key'] === undefined) return undefined;
  const entries = Object.entries(hash).map(([name, value]) => [name, JSON.parse(value) as unknown] as const);
  return Object.fromEntries(entries) as unknown as Session;
}
