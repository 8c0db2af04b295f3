import type { RedisOptions } from 'ioredis';
import { z } from 'zod';

const EXPECTED =
  'expected redis://host:port (rediss:// for TLS), or redis-sentinel://host:port,host:port,host:port/name';

/** Where a Redis is: itself, or the sentinels that know which of several is the primary. */
export const redisAddress = z.string().refine(isRedisAddress, EXPECTED);

/** Whether the text is `redis://…`, `rediss://…`, or the same of sentinels. */
export function isRedisAddress(text: string): boolean {
  if (sentinelsOf(text) !== undefined) return true;
  return URL.canParse(text) && /^rediss?:$/.test(new URL(text).protocol) && new URL(text).hostname !== '';
}

/** A scheme of our own: a URL has one host, and no port with it where there are several. */
const SENTINELS = /^redis(s?)-sentinel:\/\/(?:([^:@/]*):([^@/]*)@)?([^/@]+)\/([\w.-]+)$/;
const SENTINEL = /^(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/;
const SENTINEL_PORT = 26_379;

/**
 * How ioredis reaches the primary that sentinels name: `redis-sentinel://user:password@a:26379,b:26379,c:26379/name`, with
 * `rediss-sentinel` over TLS. User and password are those of Redis; sentinels are asked without. Undefined for any other text.
 */
export function sentinelsOf(text: string): RedisOptions | undefined {
  const [, tls, username, password, hosts, name] = SENTINELS.exec(text) ?? [];
  if (hosts === undefined || name === undefined) return undefined;
  const sentinels = hosts.split(',').map(placeOf);
  if (!sentinels.every((each) => each !== undefined)) return undefined;
  return {
    sentinels,
    name,
    ...(username ? { username: decodeURIComponent(username) } : {}),
    ...(password ? { password: decodeURIComponent(password) } : {}),
    ...(tls === 's' ? { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true } : {}),
  };
}

function placeOf(text: string): { host: string; port: number } | undefined {
  const [, host, port = String(SENTINEL_PORT)] = SENTINEL.exec(text.trim()) ?? [];
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535) return undefined;
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}
