import { eventually } from '@facet/testing';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { Upstreams } from '../src/index.js';
import { failed, quantile, startLoad, type Load } from './support/load.js';
import { endAll, startService, startServices } from './support/processes.js';
import { shopAt } from './support/watch.js';

jest.setTimeout(60_000);

let upstreams: Upstreams;
let usual: Upstreams | undefined;
afterEach(async () => {
  await endAll();
  await Promise.all([upstreams.close(), usual?.close()]);
  usual = undefined;
});

const isUp = (expected: Upstreams) => eventually(() => expected.health('shop') === 'up');
const after = (load: Load, calls: number) => {
  const target = load.sent + calls;
  return eventually(() => load.sent >= target, { withinMs: 30_000 });
};

describe('three instances of which one', () => {
  test('is a hundred times slower than the others leave the 99th percentile as it was', async () => {
    const services = await startServices(2, { TAKES_MS: '20' });
    const slow = await startService({ TAKES_MS: '2000', NAME: 'slow' });
    const spare = await startService({ TAKES_MS: '20', NAME: 'spare' });
    const addresses = services.map((each) => each.address);
    const settings = { slowStartMs: 1_000 };
    upstreams = shopAt([...addresses, slow.address], settings);
    const beside = (usual = shopAt([...addresses, spare.address], settings));
    await isUp(upstreams);
    await isUp(beside);
    // Side by side, so that whatever else the machine does happens to both.
    const loads = [upstreams, beside].map((each) => startLoad(each, { queries: 75, deadlineMs: 5_000 }));
    await eventually(() => loads.every(({ sent }) => sent > 75 * 10));
    const from = loads.map(({ results }) => results.length);
    await eventually(() => loads.every(({ results }, n) => results.length > (from[n] ?? 0) + 300));
    const [withSlow = [], without = []] = await Promise.all(
      loads.map(async (load, n) => (await load.stop()).slice(from[n])),
    );
    expect(failed([...withSlow, ...without], 'query')).toEqual([]);
    expect(quantile(withSlow, 0.99) / quantile(without, 0.99)).toBeLessThanOrEqual(2);
  });
});

describe('instances that all are sick', () => {
  test('are tried all the same, and answer as soon as they can again', async () => {
    const services = await startServices(3);
    upstreams = shopAt(
      services.map((each) => each.address),
      { breaker: { openMs: 1_000 } },
    );
    await isUp(upstreams);
    let panicked = false;
    upstreams.events.on('panic', () => (panicked = true));
    const load = startLoad(upstreams, { queries: 40, deadlineMs: 500 });
    await after(load, 40);
    for (const each of services) each.signal('SIGSTOP');
    await eventually(() => panicked);
    expect(failed(load.results, 'query').length).toBeGreaterThan(0);
    for (const each of services) each.signal('SIGCONT');
    const wokenAt = load.results.length;
    await eventually(() => load.results.slice(-20).every(({ code }) => code === 'ok'));
    // Far fewer than are sent in the ejection time of 30 s.
    expect(load.results.length - wokenAt).toBeLessThan(40 * 15);
    await load.stop();
  });
});
