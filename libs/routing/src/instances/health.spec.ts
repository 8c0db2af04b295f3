import { describe, expect, test } from '@jest/globals';
import { ejectable, ejectionDefaults, Health } from './health.js';

const fail = (health: Health, times: number) => Array.from({ length: times }, () => health.failed()).at(-1);

describe('outlier ejection', () => {
  test('wants an instance out after five failures in a row, not after five in all', () => {
    const health = new Health(ejectionDefaults);
    expect(fail(health, 4)).toBe(false);
    health.succeeded();
    expect(fail(health, 4)).toBe(false);
    expect(fail(health, 1)).toBe(true);
  });

  test('lasts 30 s at first and 30 s more each time, up to 300 s', () => {
    const health = new Health(ejectionDefaults);
    const lengths: number[] = [];
    for (let now = 0, n = 0; n < 12; n += 1) {
      const forMs = health.eject(now);
      lengths.push(forMs);
      now += forMs;
    }
    expect(lengths.slice(0, 3)).toEqual([30_000, 60_000, 90_000]);
    expect(lengths.at(-1)).toBe(300_000);
  });

  test('is forgiven step by step for the time spent well in between', () => {
    const health = new Health(ejectionDefaults);
    health.eject(0); // until 30 s
    health.eject(30_000); // until 90 s
    expect(health.eject(90_000 + 30_000)).toBe(60_000);
    expect(health.eject(180_000 + 1_000_000)).toBe(30_000);
  });

  test('ends by itself', () => {
    const health = new Health(ejectionDefaults);
    health.eject(0);
    expect(health.isEjected(29_999)).toBe(true);
    expect(health.isEjected(30_000)).toBe(false);
  });

  test('ends once, and at its timer even where that is early', () => {
    const health = new Health(ejectionDefaults);
    health.eject(0);
    expect([health.endEjection(30_000), health.endEjection(30_000)]).toEqual([true, false]);
    expect(health.isEjected(29_999.5)).toBe(false);
  });

  test('is not ended by the timer of an earlier one', () => {
    const health = new Health(ejectionDefaults);
    health.eject(0);
    health.wasSilent();
    health.answered(5_000);
    health.eject(5_000); // until 65 s
    expect(health.endEjection(30_000)).toBe(false);
    expect(health.isEjected(30_000)).toBe(true);
  });

  test('ends early for an instance that was silent and answers again', () => {
    const health = new Health(ejectionDefaults);
    health.eject(0);
    health.probeFailed();
    expect(health.answered(5_000)).toBe(true);
    expect(health.isEjected(5_000)).toBe(false);
  });

  test('is served in full by an instance that answers probes and fails requests', () => {
    const health = new Health(ejectionDefaults);
    health.eject(0);
    expect(health.answered(5_000)).toBe(false);
    expect(health.isEjected(5_000)).toBe(true);
  });

  test.each([
    [1, 0],
    [2, 1],
    [3, 1],
    [19, 1],
    [20, 2],
    [100, 10],
  ])('of %i instances takes out %i at most', (instances, most) => {
    expect(ejectable(instances, 0.1)).toBe(most);
  });
});
