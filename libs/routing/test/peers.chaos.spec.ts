import { eventually } from '@facet/testing';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { Upstreams } from '../src/index.js';
import { startBadPeer, type BadPeer, type Misbehaviour } from './support/bad-peer.js';
import { failed, quantile, startLoad } from './support/load.js';
import { startOurs, type OurService } from './support/our-service.js';
import { countAttempts, shopAt, stateOf } from './support/watch.js';

jest.setTimeout(30_000);

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of closing.splice(0)) await each.close();
});

async function startShop(how: readonly Misbehaviour[], healthy: number, settings = {}) {
  const bad: BadPeer[] = await Promise.all(how.map((each) => startBadPeer(each)));
  const well: OurService[] = await Promise.all(
    Array.from({ length: healthy }, (_, n) => startOurs({ name: `well-${n}`, takesMs: 5 })),
  );
  const upstreams: Upstreams = shopAt(
    [...bad, ...well].map((each) => each.address),
    settings,
  );
  closing.push(upstreams, ...bad, ...well);
  await eventually(() => upstreams.snapshot()[0]?.instances.every(({ state }) => state === 'ready'));
  return { bad, well, upstreams, attempts: countAttempts(upstreams) };
}

describe('of three instances one that', () => {
  test.each<Misbehaviour>(['never answers', 'resets mid-frame', 'stalls mid-frame', 'sends garbage'])(
    '%s costs no query and little time, and is soon left alone',
    async (how) => {
      const { bad, upstreams, attempts } = await startShop([how], 2);
      const load = startLoad(upstreams, { queries: 200, deadlineMs: 2_000 });
      await eventually(() => load.sent >= 500);
      const results = await load.stop();
      expect(failed(results, 'query')).toEqual([]);
      expect(bad[0]?.requests).toBeGreaterThan(0);
      expect(bad[0]?.requests).toBeLessThan(results.length * 0.1);
      expect(quantile(results, 0.9)).toBeLessThan(500);
      expect(attempts.total / results.length).toBeLessThanOrEqual(1.1);
    },
  );

  test('never answers fails a command once, at its deadline, and gets hardly any', async () => {
    const { bad, upstreams } = await startShop(['never answers'], 2);
    const load = startLoad(upstreams, { queries: 0, commands: 150, deadlineMs: 400 });
    await eventually(() => load.sent >= 450);
    const lost = failed(await load.stop(), 'command');
    expect(new Set(lost.map(({ code }) => code))).toEqual(new Set(['upstream.timeout']));
    expect(lost.length).toBe(bad[0]?.requests);
    expect(lost.length).toBeLessThan(20);
  });

  test('resets what it is sent fails each command once, and is out after five', async () => {
    const { bad, well, upstreams } = await startShop(['resets mid-frame'], 2);
    const ejected: unknown[] = [];
    upstreams.events.on('ejected', (event) => ejected.push(event));
    const load = startLoad(upstreams, { queries: 0, commands: 150 });
    await eventually(() => ejected.length > 0);
    const address = bad[0]?.address ?? '';
    expect(ejected).toEqual([{ service: 'shop', instance: address, forMs: 30_000, failures: 5 }]);
    const target = load.sent + 150;
    const from = load.sent;
    await eventually(() => load.sent >= target);
    const lost = failed(await load.stop(), 'command');
    // A second answer begun before the reset makes garbage of the first.
    expect(['upstream.unavailable', 'upstream.bad-reply']).toEqual(
      expect.arrayContaining(lost.map(({ code }) => code)),
    );
    // Each that was lost was sent to that instance alone, and none was sent after it was out.
    expect(lost.length).toBeGreaterThanOrEqual(bad[0]?.requests ?? 0);
    expect(lost.filter(({ key }) => Number(key.split('-')[1]) > from)).toEqual([]);
    const ran = well.flatMap(({ requests }) => requests.map(({ data }) => (data as { key: string }).key));
    expect(ran.filter((key) => lost.some((each) => each.key === key))).toEqual([]);
    expect(ran.length).toBe(new Set(ran).size);
    expect(stateOf(upstreams, address)).not.toBe('ready');
  });
});

describe('a service that refuses everything', () => {
  test('U3 is asked at most a tenth more often than it is called', async () => {
    const overloaded = ['is overloaded', 'is overloaded', 'is overloaded'] as const;
    const { bad, upstreams } = await startShop(overloaded, 0, { breaker: false });
    const load = startLoad(upstreams, { queries: 400, commands: 100 });
    await eventually(() => load.sent >= 2_000);
    const results = await load.stop();
    const asked = bad.reduce((sum, each) => sum + each.requests, 0);
    expect(failed(results, 'query').length).toBe(results.filter(({ kind }) => kind === 'query').length);
    expect(new Set(results.map(({ code }) => code))).toEqual(new Set(['upstream.overloaded']));
    expect(asked / results.length).toBeGreaterThan(1);
    expect(asked / results.length).toBeLessThanOrEqual(1.1);
  });

  test('is hardly asked at all once the breaker is open, and callers are told when to come back', async () => {
    const { bad, upstreams } = await startShop(['is overloaded', 'is overloaded'], 0);
    const opened: number[] = [];
    upstreams.events.on('breaker-open', ({ forMs }) => opened.push(forMs));
    const load = startLoad(upstreams, { queries: 200 });
    await eventually(() => opened.length > 0);
    const asked = bad[0]!.requests + bad[1]!.requests;
    await eventually(() => load.sent >= 400);
    const results = await load.stop();
    expect(opened[0]).toBe(5_000);
    expect(bad[0]!.requests + bad[1]!.requests - asked).toBeLessThan(10);
    expect(results.at(-1)?.code).toBe('upstream.unavailable');
    expect(upstreams.health('shop')).toBe('down');
  });
});
