import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@facet/testing';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Upstreams } from '../src/index.js';
import { failed, startLoad, type Load, type Result } from './support/load.js';
import { endAll, startServices } from './support/processes.js';
import { countAttempts, shopAt, stateOf } from './support/watch.js';

jest.setTimeout(60_000);

let folder: string;
let upstreams: Upstreams;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'facet-chaos-'));
});
afterEach(async () => {
  await endAll();
  await upstreams.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const isUp = (expected: Upstreams) => eventually(() => expected.health('shop') === 'up');
const after = (load: Load, calls: number) => {
  const target = load.sent + calls;
  return eventually(() => load.sent >= target, { withinMs: 30_000 });
};

/** The keys of commands that ran, as the services themselves wrote them down. */
function recorded(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').filter(Boolean);
}

function expectNoneTwice(keys: readonly string[]): void {
  expect(keys.length).toBe(new Set(keys).size);
}

describe.each(['ours', 'stock'])('three instances (%s) under load', (KIND) => {
  test('of which one is killed lose no query, and no command is done twice', async () => {
    const RECORD = join(folder, `killed-${KIND}`);
    const services = await startServices(3, { KIND, RECORD, TAKES_MS: '5' });
    upstreams = shopAt(services.map((each) => each.address));
    await isUp(upstreams);
    const attempts = countAttempts(upstreams);
    const load = startLoad(upstreams, { queries: 200, commands: 40 });
    await after(load, 240);
    services[0]?.signal('SIGKILL');
    await after(load, 480);
    await services[0]?.start();
    await isUp(upstreams);
    const before = attempts.at.get(services[0]?.address ?? '') ?? 0;
    await eventually(() => (attempts.at.get(services[0]?.address ?? '') ?? 0) > before);
    const results = await load.stop();

    expect(failed(results, 'query')).toEqual([]);
    // Those that were at the killed instance at that moment; they may or may not have run, once.
    expect(failed(results, 'command').length).toBeLessThanOrEqual(5);
    const keys = recorded(RECORD);
    expectNoneTwice(keys);
    const done = results.filter(({ kind, code }) => kind === 'command' && code === 'ok');
    expect(done.filter(({ key }) => !keys.includes(key))).toEqual([]);
    expect(attempts.total / results.length).toBeLessThanOrEqual(1.1);
  });

  test('of which one freezes go on without it, and take it back when it wakes', async () => {
    const services = await startServices(3, { KIND, TAKES_MS: '5' });
    const frozen = services[0]?.address ?? '';
    const deadlineMs = 2_000;
    upstreams = shopAt(services.map((each) => each.address));
    await isUp(upstreams);
    const attempts = countAttempts(upstreams);
    const load = startLoad(upstreams, { queries: 200, deadlineMs });
    await after(load, 200);
    services[0]?.signal('SIGSTOP');
    const frozenFrom = load.sent;
    const before = attempts.at.get(frozen) ?? 0;
    await eventually(() => stateOf(upstreams, frozen) !== 'ready');
    const untilOut = (attempts.at.get(frozen) ?? 0) - before;
    await after(load, 200);
    const meanwhile = (attempts.at.get(frozen) ?? 0) - before;
    const frozenTo = load.sent;
    services[0]?.signal('SIGCONT');
    await eventually(() => stateOf(upstreams, frozen) === 'ready');
    const woken = attempts.at.get(frozen) ?? 0;
    await eventually(() => (attempts.at.get(frozen) ?? 0) > woken + 20);
    const results = await load.stop();

    expect(failed(results, 'query')).toEqual([]);
    // It is out before it could have been given what a healthy one is in that time.
    expect(untilOut).toBeLessThan(50);
    expect(meanwhile).toBeLessThan(50);
    // Few have waited for it, and hardly more than waited before: the others were sent once, elsewhere.
    const number = ({ key }: Result) => Number(key.split('-')[1]);
    const isLate = ({ tookMs }: Result) => tookMs >= deadlineMs / 4;
    const shareOfLate = (of: readonly Result[]) => of.filter(isLate).length / of.length;
    const healthy = shareOfLate(results.filter((each) => number(each) <= frozenFrom));
    const meantime = results.filter((each) => number(each) > frozenFrom && number(each) <= frozenTo);
    expect(shareOfLate(meantime)).toBeLessThanOrEqual(healthy + 0.1);
    expect(attempts.total / results.length).toBeLessThanOrEqual(1.1);
  });

  test('that are restarted one after the other lose no query', async () => {
    const RECORD = join(folder, `rolling-${KIND}`);
    const services = await startServices(3, { KIND, RECORD, TAKES_MS: '10' });
    upstreams = shopAt(services.map((each) => each.address));
    await isUp(upstreams);
    const load = startLoad(upstreams, { queries: 150, commands: 50 });
    await after(load, 100);
    for (const each of services) {
      await each.restart();
      await isUp(upstreams);
      await after(load, 50);
    }
    const results = await load.stop();

    expect(failed(results, 'query')).toEqual([]);
    expectNoneTwice(recorded(RECORD));
    // A stock service says nothing before it closes: what it had in hand is lost once, never repeated.
    if (KIND === 'ours') expect(failed(results, 'command')).toEqual([]);
    else expect(failed(results, 'command').length).toBeLessThanOrEqual(20);
  });
});
