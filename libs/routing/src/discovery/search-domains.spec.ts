import { expect, test } from '@jest/globals';
import { namesToTry, parseResolverFile, readResolverFile } from './search-domains.js';

test.each([
  ['nameserver 10.96.0.10\nsearch default.svc.cluster.local svc.cluster.local\noptions ndots:5\n', 5],
  ['domain old\nsearch default.svc.cluster.local svc.cluster.local # mine\noptions timeout:1 ndots:5', 5],
  ['search\tdefault.svc.cluster.local  svc.cluster.local', 1],
])('search domains are read from %j', (text, ndots) => {
  expect(parseResolverFile(text)).toEqual({
    domains: ['default.svc.cluster.local', 'svc.cluster.local'],
    ndots,
  });
});

test('where there is no file there are no search domains', () => {
  expect(readResolverFile('/nowhere/resolv.conf')).toEqual({ domains: [] });
});

test.each([
  ['stock', 1, ['stock.a.test', 'stock.b.test', 'stock']],
  ['stock.eu', 1, ['stock.eu', 'stock.eu.a.test', 'stock.eu.b.test']],
  ['stock.eu', 5, ['stock.eu.a.test', 'stock.eu.b.test', 'stock.eu']],
  ['stock.', 5, ['stock']],
])('%s, with ndots %i, is asked for as %j', (name, ndots, names) => {
  expect(namesToTry(name, { domains: ['a.test', 'b.test.'], ndots })).toEqual(names);
});
