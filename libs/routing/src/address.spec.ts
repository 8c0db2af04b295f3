import { describe, expect, test } from '@jest/globals';
import { formatAddress, parseAddress } from './address.js';
import { staticList } from './discovery/static-list.js';

describe('an address', () => {
  test.each([
    ['127.0.0.1:4020', { host: '127.0.0.1', port: 4020 }],
    ['catalog.internal:80', { host: 'catalog.internal', port: 80 }],
    ['[::1]:4020', { host: '::1', port: 4020 }],
  ])('%s is read and written again', (text, address) => {
    expect(parseAddress(text)).toEqual(address);
    expect(formatAddress(address.host, address.port)).toBe(text);
  });

  test.each(['', 'catalog', 'catalog:', ':80', 'catalog:0', 'catalog:65536', '::1:80', 'tcp://a:1', 'a b:1'])(
    '"%s" is refused with what it should look like',
    (text) => {
      expect(() => parseAddress(text)).toThrow(/expected host:port/);
    },
  );
});

describe('a static list', () => {
  const listOf = (given: string | string[]) => {
    const lists: (readonly string[])[] = [];
    staticList(given).watch({ found: (list) => lists.push(list), failed: () => undefined });
    return lists;
  };

  test('is told once, as a list or as one text, without doubles', () => {
    expect(listOf('a:1, b:2,a:1')).toEqual([['a:1', 'b:2']]);
    expect(listOf(['a:1', 'b:2'])).toEqual([['a:1', 'b:2']]);
  });

  test('without an address is refused when it is made', () => {
    expect(() => staticList(' , ')).toThrow(/no address given/);
    expect(() => staticList(['a'])).toThrow(/"a"/);
  });
});
