import { describe, expect, test } from '@jest/globals';
import { Load, RecentQuantile } from './latency.js';

function loadAfter(latencies: readonly number[]): Load {
  const load = new Load();
  latencies.forEach((ms, index) => {
    load.started(index);
    load.answered(index, ms);
  });
  return load;
}

describe('what a request to an instance costs', () => {
  test('is pending × smoothed latency', () => {
    const load = loadAfter([10]);
    expect(load.cost(0, 1)).toBeCloseTo(10);
    load.started(0);
    load.started(0);
    expect(load.cost(0, 1)).toBeCloseTo(30);
  });

  test('is estimated for an instance that has not answered yet', () => {
    expect(new Load().cost(0, 7)).toBe(7);
  });

  test('follows a change within a few answers and is not upset by one', () => {
    const steady = Array.from({ length: 50 }, () => 10);
    expect(loadAfter([...steady, 100]).smoothed(50)).toBeLessThan(40);
    expect(loadAfter([...steady, ...Array.from({ length: 10 }, () => 100)]).smoothed(59)).toBeGreaterThan(90);
  });

  test('fades, so that a slow instance is tried again some day', () => {
    const load = loadAfter([1_000]);
    expect(load.smoothed(1_000)).toBeGreaterThan(800);
    expect(load.smoothed(100_000)).toBeLessThan(1);
  });

  test('grows with the silence of an instance that has requests pending', () => {
    const load = loadAfter([2]);
    load.started(1_000);
    expect(load.cost(1_500, 1)).toBeCloseTo(2 * 500);
    load.started(1_500);
    load.answered(1_500, 2);
    expect(load.cost(1_501, 1)).toBeLessThan(5);
  });

  test('learns from a request that was given up that it takes at least that long', () => {
    const load = loadAfter([2]);
    load.started(0);
    load.abandoned(400, 400);
    expect(load.pending).toBe(0);
    expect(load.smoothed(400)).toBe(400);
    load.started(400);
    load.abandoned(401, 1);
    expect(load.smoothed(401)).toBeGreaterThan(390);
  });

  test('remembers how slow an instance was when a request to it is cut short again', () => {
    const load = loadAfter([2_000]);
    expect(load.smoothed(25_000)).toBeLessThan(20);
    load.started(25_000);
    load.abandoned(25_050, 50);
    expect(load.smoothed(25_050)).toBe(2_000);
  });
});

describe('a recent quantile', () => {
  test('is not known before there are enough observations', () => {
    const quantile = new RecentQuantile(0.95, 32);
    for (let n = 0; n < 31; n += 1) quantile.observe(1);
    expect(quantile.value).toBe(Infinity);
    quantile.observe(1);
    expect(quantile.value).toBe(1);
  });

  test('is that of the latest observations alone', () => {
    const quantile = new RecentQuantile(0.95, 32, 64);
    for (let n = 1; n <= 96; n += 1) quantile.observe(1_000);
    for (let n = 0; n < 64; n += 1) quantile.observe(n);
    expect(quantile.value).toBeGreaterThanOrEqual(58);
    expect(quantile.value).toBeLessThanOrEqual(63);
  });
});
