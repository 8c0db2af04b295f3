import { describe, expect, test } from '@jest/globals';
import { experiment, type Experiment } from '../src/experiment.js';
import { experiments } from '../src/experiments/index.js';
import { choose, runAll } from '../src/run.js';

const ended: string[] = [];
const finding = (name: string, held: boolean): Experiment =>
  experiment({ name, promise: `${name} holds` }, (cleanup) => {
    cleanup.add({ stop: () => ended.push(`${name} first`) });
    cleanup.add({ stop: () => ended.push(`${name} last`) });
    return Promise.resolve({ seen: `${name} was seen`, held });
  });
const broken = experiment({ name: 'broken', promise: 'it holds' }, (cleanup) => {
  cleanup.add({ stop: () => ended.push('broken') });
  return Promise.reject(new Error('no warehouse'));
});

async function run(chosen: readonly Experiment[]) {
  const lines: string[] = [];
  const code = await runAll(chosen, (line) => void lines.push(line));
  return { code, text: lines.join('\n') };
}

describe('a run', () => {
  test('says what each has seen, ends what it started, and fails where a promise was not held', async () => {
    expect((await run([finding('good', true)])).code).toBe(0);
    expect(ended).toEqual(['good last', 'good first']);
    const { code, text } = await run([finding('good', true), finding('bad', false)]);
    expect(code).toBe(1);
    expect(text).toMatch(/^good +yes +good was seen +good holds$/m);
    expect(text).toMatch(/^bad +NO +bad was seen/m);
  });

  test('goes on after an experiment that breaks off, whose processes are ended too', async () => {
    const { code, text } = await run([broken, finding('good', true)]);
    expect([code, ended.includes('broken')]).toEqual([1, true]);
    expect(text).toMatch(/^broken +NO +it broke off: Error: no warehouse/m);
    expect(text).toMatch(/^good +yes/m);
  });

  test('passes over what this machine cannot do, and says why', async () => {
    const { code, text } = await run([{ ...finding('redis', false), skipped: 'there is no redis-server' }]);
    expect([code, text.includes('redis       skipped  there is no redis-server')]).toEqual([0, true]);
  });
});

describe('what is run', () => {
  test('is what is named, and nothing else', () => {
    expect(choose(experiments, 'garbage, redis-down').map(({ name }) => name)).toEqual([
      'garbage',
      'redis-down',
    ]);
    expect(() => choose(experiments, 'garbage,nonsense')).toThrow('there is no experiment nonsense');
  });

  test('is known by one name each', () => {
    expect(new Set(experiments.map(({ name }) => name)).size).toBe(experiments.length);
  });
});
