import { VirtualClock } from '@facet/contracts/testing';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AnswerCache } from './answer-cache.js';
import type { CacheEntry, Lookup } from './lookup.js';

/**
 * A service whose data change, and answers that take their time: what is read at the beginning of a call arrives at its
 * end. Whatever the order, nothing that was asked after a change had become known is answered from before that change.
 */
type Step =
  | { readonly do: 'ask'; readonly keys: readonly string[]; readonly takesMs: number }
  | { readonly do: 'change'; readonly key: string }
  | { readonly do: 'learn' }
  | { readonly do: 'wait'; readonly ms: number };

const key = fc.constantFrom('a', 'b', 'c');
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('ask' as const),
    keys: fc.uniqueArray(key, { minLength: 1 }),
    takesMs: fc.integer({ min: 0, max: 40 }),
  }),
  fc.record({ do: fc.constant('change' as const), key }),
  fc.record({ do: fc.constant('learn' as const) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 60 }) }),
);

const TTL = 50;
const STALE = 50;

test('whatever is asked, changed and learnt in which order: no answer is older than the changes that were known, or than its contract allows', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
      const clock = new VirtualClock(1_000);
      const cache = new AnswerCache({ policy: {}, clock });
      const data = new Map([...'abc'].map((name) => [name, { version: 0, since: 0 }]));
      const known = new Map([...'abc'].map((name) => [name, 0]));
      const untold: string[] = [];
      const asked: Promise<void>[] = [];

      const lookup = (keys: readonly string[], takesMs: number): Lookup => ({
        operation: 'shop.item',
        entries: keys.map((each) => ({ key: each, tags: [each] })),
        ttlMs: TTL,
        staleMs: STALE,
        isPersonal: false,
        isRead: true,
        load: (entries: readonly CacheEntry[]) =>
          new Promise((resolve) => {
            const read = entries.map((entry) => [entry.key, data.get(entry.key)?.version] as const);
            clock.after(takesMs, () =>
              resolve(new Map(read.map(([name, value]) => [name, { json: Buffer.from(String(value)) }]))),
            );
          }),
        isUnavailable: () => false,
        late: () => new Error('too late'),
      });

      const check = async (keys: readonly string[], takesMs: number) => {
        const knownThen = new Map(known);
        const signal = new AbortController().signal;
        const found = await cache.ask(lookup(keys, takesMs), { signal, deadline: clock.now() + 1_000 });
        for (const [index, name] of keys.entries()) {
          const each = found[index];
          expect(each?.cached.value()).toBeGreaterThanOrEqual(knownThen.get(name) ?? 0);
          if (each?.source === 'cached') expect(each.ageMs).toBeLessThan(TTL);
          if (each?.source === 'stale') expect(each.ageMs).toBeLessThan(TTL + STALE);
        }
      };

      for (const each of steps) {
        if (each.do === 'ask') asked.push(check(each.keys, each.takesMs));
        if (each.do === 'wait') await clock.advance(each.ms);
        if (each.do === 'change') {
          const current = data.get(each.key);
          data.set(each.key, { version: (current?.version ?? 0) + 1, since: clock.now() });
          untold.push(each.key);
        }
        if (each.do === 'learn') {
          const tags = untold.splice(0);
          await cache.invalidate(tags);
          for (const tag of tags) known.set(tag, data.get(tag)?.version ?? 0);
        }
      }
      await clock.advance(1_000);
      await Promise.all(asked);
    }),
    { numRuns: 150 },
  );
});
