import { brotliDecompressSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { ResponseCache } from './response-cache.js';

const open = (maxBytes = 1_000_000) =>
  new ResponseCache({ maxBytes, maxEntries: 100, decided: () => undefined });

const kept = (expiresAt: number) => ({
  expiresAt,
  serverTiming: 'item;dur=0;desc="cached", total;dur=0',
  holds: ['public, max-age=', ', stale-while-revalidate=5'] as const,
  madeAt: undefined,
  maxAge: undefined,
});

function readsOf(cache: ResponseCache, ...tags: string[]) {
  const reads = cache.reads();
  reads.entries.push({ key: 'k', tags });
  return reads;
}

test('an answer holds until its time is over, and says for how long', () => {
  const cache = open();
  cache.store('GET /a', readsOf(cache, 'item:a'), kept(10_000), '{"name":"Käse 🧀"}');
  const entry = cache.find('GET /a', 7_500);
  expect(entry?.cacheControlAt(7_500)).toBe('public, max-age=2, stale-while-revalidate=5');
  expect(entry?.cacheControlAt(9_999)).toBe('public, max-age=0, stale-while-revalidate=5');
  expect(Buffer.from(entry?.cached.body ?? '', 'latin1').toString()).toBe('{"name":"Käse 🧀"}');
  expect(cache.find('GET /a', 10_000)).toBeUndefined();
});

test('it is not kept where something was read for one caller, or was invalidated while it was made', () => {
  const cache = open();
  const personal = readsOf(cache, 'item:a');
  personal.isPersonal = true;
  cache.store('GET /a', personal, kept(10_000), '{}');
  const outdated = readsOf(cache, 'item:a');
  cache.forget(new Set(['item:b']));
  cache.store('GET /b', outdated, kept(10_000), '{}');
  expect([cache.find('GET /a', 0), cache.find('GET /b', 0)]).toEqual([undefined, undefined]);
});

test('a change takes away what was made from it, and nothing else', () => {
  const cache = open();
  cache.store('GET /a', readsOf(cache, 'item:a', 'all'), kept(10_000), '{}');
  cache.store('GET /b', readsOf(cache, 'item:b', 'all'), kept(10_000), '{}');
  cache.forget(new Set(['item:a']));
  expect(cache.find('GET /a', 0)).toBeUndefined();
  expect(cache.find('GET /b', 0)).toBeDefined();
  cache.forget(new Set(['all']));
  expect(cache.find('GET /b', 0)).toBeUndefined();
  expect(cache.bytes).toBe(0);
});

test('each compressed form is made once', async () => {
  const cache = open();
  const text = JSON.stringify({ text: 'ä'.repeat(2_000) });
  cache.store('GET /a', readsOf(cache), kept(10_000), text);
  const entry = cache.find('GET /a', 0);
  const form = await entry?.formOf('br');
  expect(brotliDecompressSync(Buffer.from(form ?? '', 'latin1')).toString()).toBe(text);
  expect(entry?.formOf('br')).toBe(form);
});

test('what is larger than its room is not kept, and leaves no trace', () => {
  const cache = open(2_000);
  cache.store('GET /a', readsOf(cache, 'item:a'), kept(10_000), 'x'.repeat(2_000));
  expect([cache.find('GET /a', 0), cache.bytes]).toEqual([undefined, 0]);
});
