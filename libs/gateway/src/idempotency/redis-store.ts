import type { SharedRedis } from '@facet/platform/redis';
import type { Claim, Claimed, IdempotencyPolicy, IdempotencyStore } from './store.js';

/** A hash for each key: f(ingerprint), o(wner), k(ept). ARGV: fingerprint, owner, lease. */
const CLAIM = `
local known = redis.call('HMGET', KEYS[1], 'f', 'k')
if not known[1] then
  redis.call('HSET', KEYS[1], 'f', ARGV[1], 'o', ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  return {'new'}
end
if known[1] ~= ARGV[1] then return {'other'} end
if not known[2] then return {'running'} end
return {'done', known[2]}`;

/** Only of one's own, or where nobody has it any more. ARGV: fingerprint, owner, for how long, what is kept if it is. */
const SET = `
local owner = redis.call('HGET', KEYS[1], 'o')
if owner and owner ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'f', ARGV[1], 'o', ARGV[2])
if ARGV[4] then redis.call('HSET', KEYS[1], 'k', ARGV[4]) end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`;

const RELEASE = `
if redis.call('HGET', KEYS[1], 'o') == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`;

/** In a Redis that all instances of a gateway share. Rejects while it cannot be reached. */
export class RedisIdempotencyStore implements IdempotencyStore {
  constructor(
    private readonly redis: SharedRedis,
    private readonly prefix: string,
    private readonly policy: Required<IdempotencyPolicy>,
  ) {}

  async claim({ key, fingerprint, owner }: Claimed): Promise<Claim> {
    const [state, kept = ''] = await this.redis.ask(
      (redis) =>
        redis.eval(CLAIM, 1, this.prefix + key, fingerprint, owner, this.policy.leaseMs) as Promise<
          [Claim['state'], string?]
        >,
    );
    return state === 'done' ? { state, kept } : { state };
  }

  renew(claimed: Claimed): Promise<void> {
    return this.#set(claimed, this.policy.leaseMs);
  }

  finish(claimed: Claimed, kept: string): Promise<void> {
    return this.#set(claimed, this.policy.keepMs, kept);
  }

  async release({ key, owner }: Claimed): Promise<void> {
    await this.redis.ask((redis) => redis.eval(RELEASE, 1, this.prefix + key, owner));
  }

  async #set({ key, fingerprint, owner }: Claimed, ttlMs: number, ...kept: [string?]): Promise<void> {
    const args = [fingerprint, owner, ttlMs, ...kept.filter((each) => each !== undefined)];
    await this.redis.ask((redis) => redis.eval(SET, 1, this.prefix + key, ...args));
  }
}
