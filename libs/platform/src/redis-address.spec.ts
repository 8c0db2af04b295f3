import { describe, expect, test } from '@jest/globals';
import { loadConfig, redisVariable } from './config.js';
import { isRedisAddress, sentinelsOf } from './redis-address.js';
import { z } from 'zod';

describe('the address of a Redis', () => {
  test.each([
    'redis://redis:6379',
    'rediss://user:word@redis.example.com',
    'redis://127.0.0.1:6379/3',
    'redis-sentinel://a:26379,b:26379,c:26379/facet',
    'rediss-sentinel://:word@a,b/facet',
    'redis-sentinel://[::1]:26379/facet',
  ])('may be %s', (text) => {
    expect(isRedisAddress(text)).toBe(true);
  });

  test.each([
    'redis',
    'http://redis:6379',
    'redis://',
    'redis-sentinel://a:26379,b:26379',
    'redis-sentinel:///facet',
    'redis-sentinel://a:0/facet',
    'redis-sentinel://a:70000/facet',
    'redis-sentinel://a b/facet',
  ])('is not %s', (text) => {
    expect(isRedisAddress(text)).toBe(false);
  });

  test('of sentinels names each of them and the primary, with the credentials of Redis', () => {
    expect(sentinelsOf('redis-sentinel://shop:p%40ss@a:1,b,[::1]:3/facet')).toEqual({
      sentinels: [
        { host: 'a', port: 1 },
        { host: 'b', port: 26_379 },
        { host: '::1', port: 3 },
      ],
      name: 'facet',
      username: 'shop',
      password: 'p@ss',
    });
    expect(sentinelsOf('rediss-sentinel://a/facet')).toMatchObject({ tls: {}, sentinelTLS: {} });
    expect(sentinelsOf('redis://a:6379')).toBeUndefined();
  });

  test('is refused in one line that shows both forms and withholds what was given', () => {
    const schema = z.object({ REDIS_URL: redisVariable });
    expect(() => loadConfig('web-bff', schema, { REDIS_URL: 'redis-sentinel://:word@a:1' })).toThrow(
      /REDIS_URL {2}is \(withheld\); expected redis:\/\/host:port \(rediss:\/\/ for TLS\), or redis-sentinel:\/\//,
    );
  });
});
