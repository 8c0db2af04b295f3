import { expect, test } from '@jest/globals';
import { CachedValue } from './cached-value.js';

const value = { name: 'a lamp' };
const json = Buffer.from(JSON.stringify(value));
const options = { operation: 'shop.item', json, madeAt: 0, tags: [], value };

test('a value is cached beside its JSON only where it is paid for', () => {
  const [read, unread] = [true, false].map((isRead) => new CachedValue({ ...options, isRead }));
  expect(read?.value()).toBe(value);
  expect(unread?.value()).toEqual(value);
  expect(unread?.value()).not.toBe(unread?.value());
  expect(unread?.bytes('k')).toBeLessThan(read?.bytes('k') ?? 0);
});
