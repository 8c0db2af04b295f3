import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/**
 * The versions of an entry's tags, as one text. An entry counts only while they are what they were when its fetching
 * began, so that nothing that was read before a change survives it, however late it is.
 */
const VERSIONS = `
local function versions(first, last)
  local all = ''
  for at = first, last do all = all .. (redis.call('GET', KEYS[at]) or '') .. ' ' end
  return all
end`;

/**
 * Reads entries and, where one is missing or no longer fresh, tries to become the one who fetches it.
 * KEYS: of each entry its own, its lease's, and its tags'. ARGV: token, lease in ms, ttl in ms, then how many tags each
 * entry has. Gives of each: JSON or '', age in ms or -1, 1 for who may fetch it, the tags' versions.
 */
const CLAIM = `${VERSIONS}
local found, at = {}, 0
for i = 4, #ARGV do
  local entry, lease = KEYS[at + 1], KEYS[at + 2]
  local now = versions(at + 3, at + 2 + ARGV[i])
  at = at + 2 + ARGV[i]
  local held = redis.call('HMGET', entry, 'versions', 'life', 'json')
  local json, age = '', -1
  if held[1] == now then
    json, age = held[3], tonumber(held[2]) - redis.call('PTTL', entry)
  end
  local mine = 0
  if age < 0 or age >= tonumber(ARGV[3]) then
    if redis.call('SET', lease, ARGV[1], 'NX', 'PX', ARGV[2]) then mine = 1 end
  end
  found[#found + 1] = { json, age, mine, now }
end
return found`;

/**
 * Ends a lease and writes what was fetched under it, unless a tag has changed since.
 * KEYS: entry, lease, tags. ARGV: token, versions as claimed, life in ms, JSON ('' where there is nothing to write).
 */
const SETTLE = `${VERSIONS}
if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end
if ARGV[4] == '' or versions(3, #KEYS) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'versions', ARGV[2], 'life', ARGV[3], 'json', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`;

type Args = readonly (string | number | Buffer)[];

/** Runs it by its hash; a Redis that does not know it yet is told once. */
function script(lua: string) {
  const sha = createHash('sha1').update(lua).digest('hex');
  return async (redis: Redis, keys: readonly string[], args: Args): Promise<unknown> => {
    try {
      return await redis.callBuffer('EVALSHA', sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error as Error).message.startsWith('NOSCRIPT')) throw error;
      return redis.callBuffer('EVAL', lua, keys.length, ...keys, ...args);
    }
  };
}

export const claim = script(CLAIM);
export const settle = script(SETTLE);
