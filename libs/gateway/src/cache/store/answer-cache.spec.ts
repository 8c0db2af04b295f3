import { VirtualClock } from '@facet/contracts/testing';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { AnswerCache, type Decision, type Found } from './answer-cache.js';
import type { CachePolicy } from './cache-policy.js';
import type { Limits, CacheEntry, Lookup } from './lookup.js';

const TTL = 1_000;
const STALE = 2_000;
const late = () => new Error('too late');

let clock: VirtualClock;
let cache: AnswerCache;
let decisions: Decision[];
let calls: Call[];

/** A call that has reached the service, which answers when it is told to. */
interface Call extends Limits {
  readonly keys: readonly string[];
  answer(value: unknown): Promise<void>;
  fail(error: Error): Promise<void>;
}

const unavailable = new Error('unavailable');

beforeEach(() => start({}));

function start(policy: CachePolicy): void {
  clock = new VirtualClock(50_000);
  decisions = [];
  calls = [];
  cache = new AnswerCache({ policy, clock, decided: (_, decision) => void decisions.push(decision) });
}

function asking(keys: readonly string[], more: Partial<Lookup> = {}): Lookup {
  return {
    operation: 'shop.item',
    entries: keys.map((key) => ({ key, tags: [`tag-${key}`, 'all'] })),
    ttlMs: TTL,
    staleMs: STALE,
    isPersonal: false,
    isRead: true,
    load: (entries, limits) => reachService(entries, limits),
    isUnavailable: (error) => error === unavailable || (error as Error).message === 'too late',
    late,
    ...more,
  };
}

function reachService(entries: readonly CacheEntry[], limits: Limits): ReturnType<Lookup['load']> {
  const keys = entries.map(({ key }) => key);
  return new Promise((resolve, reject) => {
    limits.signal.addEventListener('abort', () => reject(limits.signal.reason as Error));
    const stop = clock.after(limits.deadline - clock.now(), () => reject(late()));
    calls.push({
      ...limits,
      keys,
      async answer(value) {
        stop();
        const json = Buffer.from(JSON.stringify(value));
        resolve(new Map(keys.map((key) => [key, { json }])));
        await clock.advance(0);
      },
      async fail(error) {
        stop();
        reject(error);
        await clock.advance(0);
      },
    });
  });
}

type Asking = Partial<Lookup> & { readonly ms?: number; readonly signal?: AbortSignal };

const ask = (
  keys: readonly string[],
  { ms = 500, signal = new AbortController().signal, ...more }: Asking = {},
) => cache.ask(asking(keys, more), { signal, deadline: clock.now() + ms });

const shown = (found: readonly (Found | undefined)[]) =>
  found.map((each) => each && [each.source, each.cached.value(), each.ageMs]);

/** Asks, lets the service answer, and gives what came of it. */
async function fetched(keys: readonly string[], value: unknown) {
  const asked = ask(keys);
  await clock.advance(0);
  await calls.at(-1)?.answer(value);
  return shown(await asked);
}

describe('an answer', () => {
  test('is fetched once and cached while it is fresh, with its age', async () => {
    expect(await fetched(['a'], 1)).toEqual([['fresh', 1, 0]]);
    await clock.advance(TTL - 1);
    expect(shown(await ask(['a']))).toEqual([['cached', 1, TTL - 1]]);
    expect(calls).toHaveLength(1);
    expect(decisions).toEqual(['miss', 'hit']);
  });

  test('that is stale is served at once, while a new one is fetched once', async () => {
    await fetched(['a'], 1);
    await clock.advance(TTL);
    expect(shown(await ask(['a']))).toEqual([['stale', 1, TTL]]);
    expect(shown(await ask(['a']))).toEqual([['stale', 1, TTL]]);
    expect(calls).toHaveLength(2);
    await calls[1]?.answer(2);
    expect(shown(await ask(['a']))).toEqual([['cached', 2, 0]]);
  });

  test('past all that is waited for anew', async () => {
    await fetched(['a'], 1);
    await clock.advance(TTL + STALE);
    expect(await fetched(['a'], 2)).toEqual([['fresh', 2, 0]]);
  });

  test('that may not be cached is fetched each time', async () => {
    for (const value of [1, 2]) {
      const asked = ask(['a'], { ttlMs: 0, staleMs: 0 });
      await calls.at(-1)?.answer(value);
      expect(shown(await asked)).toEqual([['fresh', value, 0]]);
    }
    expect(cache.size.entries).toBe(0);
  });

  test('is shared by all who ask, so that nobody can change it', async () => {
    await fetched(['a'], { list: [{ name: 'x' }] });
    const [found] = await ask(['a']);
    const value = found?.cached.value() as { list: { name: string }[] };
    expect(() => value.list.push({ name: 'y' })).toThrow(TypeError);
    expect(() => Object.assign(value.list[0] ?? {}, { name: 'y' })).toThrow(TypeError);
  });
});

describe('entries', () => {
  test('are cached one by one: only those that are missing are asked for', async () => {
    await fetched(['a', 'b'], 1);
    const asked = ask(['b', 'c', 'a']);
    expect(calls[1]?.keys).toEqual(['c']);
    await calls[1]?.answer(2);
    expect(shown(await asked)).toEqual([
      ['cached', 1, 0],
      ['fresh', 2, 0],
      ['cached', 1, 0],
    ]);
  });

  test('that the service does not know are left out, and asked for again', async () => {
    const load: Lookup['load'] = (entries, limits) => {
      void reachService(entries, limits);
      return Promise.resolve(new Map());
    };
    expect(await ask(['a'], { load })).toEqual([undefined]);
    expect(await ask(['a'], { load })).toEqual([undefined]);
    expect(calls).toHaveLength(2);
  });

  test('of several calls that are under way are waited for together', async () => {
    const first = ask(['a']);
    const second = ask(['b']);
    const both = ask(['a', 'b', 'c']);
    expect(calls.map(({ keys }) => keys)).toEqual([['a'], ['b'], ['c']]);
    for (const [index, call] of calls.entries()) await call.answer(index);
    expect(shown(await both).map((each) => each?.[1])).toEqual([0, 1, 2]);
    await Promise.all([first, second]);
  });
});

describe('a lookup that is being answered', () => {
  test('is asked once for all who ask it', async () => {
    const asked = [ask(['a']), ask(['a']), ask(['a'])];
    await calls[0]?.answer(1);
    for (const each of asked) expect(shown(await each)).toEqual([['fresh', 1, 0]]);
    expect(calls).toHaveLength(1);
    expect(decisions).toEqual(['coalesced', 'coalesced', 'miss']);
  });

  test('goes on when one leaves, and is cancelled when the last has left', async () => {
    const [one, other] = [new AbortController(), new AbortController()];
    const asked = [ask(['a'], { signal: one.signal }), ask(['a'], { signal: other.signal })];
    one.abort(new Error('one left'));
    await expect(asked[0]).rejects.toThrow('one left');
    expect(calls[0]?.signal.aborted).toBe(false);
    other.abort(new Error('other left'));
    await expect(asked[1]).rejects.toThrow('other left');
    expect(calls[0]?.signal.aborted).toBe(true);
    expect(await fetched(['a'], 1)).toEqual([['fresh', 1, 0]]);
  });

  test('is not begun for who has left already', async () => {
    const signal = AbortSignal.abort(new Error('has left'));
    await expect(ask(['a'], { signal })).rejects.toThrow('has left');
    expect(calls).toEqual([]);
  });

  test('ends for who has less time without ending for the others', async () => {
    const patient = ask(['a'], { ms: 500 });
    const hasty = ask(['a'], { ms: 100 });
    const refused = expect(hasty).rejects.toThrow('too late');
    await clock.advance(100);
    await refused;
    await calls[0]?.answer(1);
    expect(shown(await patient)).toEqual([['fresh', 1, 0]]);
  });

  test('is asked again for who has more time than the one who began it', async () => {
    const hasty = ask(['a'], { ms: 100 });
    const patient = ask(['a'], { ms: 500 });
    const refused = expect(hasty).rejects.toThrow('too late');
    await clock.advance(100);
    await refused;
    expect(calls).toHaveLength(2);
    await calls[1]?.answer(1);
    expect(shown(await patient)).toEqual([['fresh', 1, 0]]);
  });

  test('that fails, fails for all who asked, and for nobody after them', async () => {
    const asked = [ask(['a']), ask(['a'])].map((each) => expect(each).rejects.toThrow('no such item'));
    await calls[0]?.fail(new Error('no such item'));
    await Promise.all(asked);
    expect(await fetched(['a'], 1)).toEqual([['fresh', 1, 0]]);
  });
});

describe('where the service cannot answer', () => {
  beforeEach(() => start({ staleIfErrorMs: 5_000 }));

  test('an old answer is served as stale for as long as the policy says', async () => {
    await fetched(['a'], 1);
    await clock.advance(TTL + STALE);
    const rescued = ask(['a']);
    await calls[1]?.fail(unavailable);
    expect(shown(await rescued)).toEqual([['stale', 1, TTL + STALE]]);
    expect(decisions.at(-1)).toBe('rescued');
    await clock.advance(5_000);
    const refused = expect(ask(['a'])).rejects.toThrow('unavailable');
    await calls[2]?.fail(unavailable);
    await refused;
  });

  test('a refusal is a refusal, whatever is cached', async () => {
    await fetched(['a'], 1);
    await clock.advance(TTL + STALE);
    const refused = expect(ask(['a'])).rejects.toThrow('no such item');
    await calls[1]?.fail(new Error('no such item'));
    await refused;
  });

  test('half the time is spent on waiting for it, and the call comes to its own end', async () => {
    await fetched(['a'], 1);
    await clock.advance(TTL + STALE);
    const rescued = ask(['a'], { ms: 400 });
    await clock.advance(200);
    expect(shown(await rescued)).toEqual([['stale', 1, TTL + STALE + 200]]);
    expect(calls[1]?.signal.aborted).toBe(false);
    await calls[1]?.answer(2);
    expect(shown(await ask(['a']))).toEqual([['cached', 2, 200]]);
  });

  test('entries are not made up: what is missing of several is an error', async () => {
    await fetched(['a'], 1);
    await clock.advance(TTL + STALE);
    const refused = expect(ask(['a', 'b'])).rejects.toThrow('unavailable');
    await calls[1]?.fail(unavailable);
    await refused;
  });

  test('without leave of the policy nothing is served beyond the contract', async () => {
    start({});
    await fetched(['a'], 1);
    await clock.advance(TTL + STALE);
    const refused = expect(ask(['a'])).rejects.toThrow('unavailable');
    await calls[1]?.fail(unavailable);
    await refused;
  });
});

describe('a change', () => {
  test('makes void what depends on it, and nothing else', async () => {
    await fetched(['a', 'b'], 1);
    await cache.invalidate(['tag-a']);
    expect(shown(await ask(['b']))).toEqual([['cached', 1, 0]]);
    expect(await fetched(['a'], 2)).toEqual([['fresh', 2, 0]]);
    await cache.invalidate(['all']);
    expect(cache.size.entries).toBe(0);
  });

  test('is not undone by an answer that was on its way', async () => {
    const before = ask(['a']);
    await cache.invalidate(['tag-a']);
    const after = ask(['a']);
    expect(calls).toHaveLength(2);
    await calls[1]?.answer('new');
    await calls[0]?.answer('old');
    expect(shown(await before)).toEqual([['fresh', 'old', 0]]);
    expect(shown(await after)).toEqual([['fresh', 'new', 0]]);
    expect(shown(await ask(['a']))).toEqual([['cached', 'new', 0]]);
  });
});

describe('what a process may hold', () => {
  test('is bounded in bytes and in number, and what was used last stays', async () => {
    start({ maxBytes: 60_000, maxEntries: 50 });
    for (let n = 0; n < 200; n += 1) {
      await fetched([`key-${n}`], 'x'.repeat(n % 5 === 0 ? 20_000 : 500));
      expect(cache.size.bytes).toBeLessThanOrEqual(60_000);
      expect(cache.size.entries).toBeLessThanOrEqual(50);
    }
    expect(shown(await ask(['key-199']))[0]?.[0]).toBe('cached');
    await cache.invalidate(['all']);
    expect(cache.size).toEqual({ bytes: 0, entries: 0 });
  });

  test.each([
    [{ maxBytes: 10 }, /cache.maxBytes: got 10/],
    [{ maxEntries: 0.5 }, /cache.maxEntries: got 0.5/],
    [{ staleIfErrorMs: -1 }, /cache.staleIfErrorMs: got -1/],
  ])('is refused as %j, by name', (policy, message) => {
    expect(() => new AnswerCache({ policy })).toThrow(message);
  });
});
