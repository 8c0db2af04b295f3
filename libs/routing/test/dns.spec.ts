import { eventually } from '@facet/testing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createUpstreams, dns, type DnsOptions } from '../src/index.js';
import { startDns, type DnsServer } from './support/dns-server.js';
import { startOurs } from './support/our-service.js';
import { shop } from './support/shop.js';

describe('discovery by DNS', () => {
  let server: DnsServer;
  let stop: () => void;
  let found: (readonly string[])[];
  let failures: string[];

  beforeEach(async () => {
    server = await startDns();
    found = [];
    failures = [];
    stop = () => undefined;
  });
  afterEach(async () => {
    stop();
    await server.close();
  });

  const watch = (options: DnsOptions) => {
    stop = dns({ servers: [server.address], minTtlMs: 20, ...options }).watch({
      found: (list) => found.push(list),
      failed: ({ message }) => failures.push(message),
    });
  };

  test('takes every A record, and follows them when their time to live is over', async () => {
    const a = (...last: number[]) =>
      last.map((n) => ({ type: 'A', address: `10.0.0.${n}`, ttl: 1 }) as const);
    server.zone.set('catalog.test', a(1, 2));
    watch({ name: 'catalog.test', port: 4020 });
    await eventually(() => found.length === 1);
    expect(found[0]).toEqual(['10.0.0.1:4020', '10.0.0.2:4020']);
    const asked = server.asked;
    server.zone.set('catalog.test', a(2, 3));
    await eventually(() => found.length === 2);
    expect(found[1]).toEqual(['10.0.0.2:4020', '10.0.0.3:4020']);
    // A time to live of a second, not the lower bound of 20 ms, set the pace.
    expect(server.asked - asked).toBeLessThanOrEqual(3);
  });

  test('takes AAAA records in brackets', async () => {
    server.zone.set('catalog.test', [{ type: 'AAAA', address: '::1', ttl: 60 }]);
    watch({ name: 'catalog.test', type: 'AAAA', port: 4020 });
    await eventually(() => found.length === 1);
    expect(found[0]).toEqual(['[::1]:4020']);
  });

  test('takes the SRV records of the best priority, each with its own port, and looks up their targets', async () => {
    server.zone.set('catalog.service.test', [
      { type: 'SRV', target: 'one.test', port: 4021, priority: 1, ttl: 60 },
      { type: 'SRV', target: 'two.test', port: 4022, priority: 1, ttl: 60 },
      { type: 'SRV', target: 'spare.test', port: 4023, priority: 2, ttl: 60 },
    ]);
    server.zone.set('one.test', [{ type: 'A', address: '10.0.0.1', ttl: 60 }]);
    server.zone.set('two.test', [{ type: 'AAAA', address: '::2', ttl: 60 }]);
    watch({ name: 'catalog.service.test' });
    await eventually(() => found.length === 1);
    expect(found[0]).toEqual(['10.0.0.1:4021', '[::2]:4022']);
  });

  test('keeps the last list while the name server is away or the name is gone', async () => {
    server.zone.set('catalog.test', [{ type: 'A', address: '10.0.0.1', ttl: 0 }]);
    watch({ name: 'catalog.test', port: 4020, timeoutMs: 100 });
    await eventually(() => found.length === 1);
    server.zone.delete('catalog.test');
    await eventually(() => failures.length > 0);
    expect(failures[0]).toContain('ENOTFOUND');
    server.zone.set('catalog.test', [{ type: 'A', address: '10.0.0.9', ttl: 60 }]);
    await eventually(() => found.length === 2);
    expect(found).toEqual([['10.0.0.1:4020'], ['10.0.0.9:4020']]);
  });

  test('looks for a short name in the search domains, and for one with dots as it is first', async () => {
    const search = { domains: ['default.svc.test', 'svc.test'], ndots: 1 };
    server.zone.set('stock.svc.test', [{ type: 'A', address: '10.0.0.7', ttl: 60 }]);
    server.zone.set('stock.other', [{ type: 'A', address: '10.0.0.8', ttl: 60 }]);
    watch({ name: 'stock', port: 4080, search });
    await eventually(() => found.length === 1);
    stop();
    watch({ name: 'stock.other', port: 4080, search });
    await eventually(() => found.length === 2);
    expect(found).toEqual([['10.0.0.7:4080'], ['10.0.0.8:4080']]);
    expect(failures).toEqual([]);
  });

  test('says every name that it has asked for where there is none', async () => {
    watch({ name: 'stok', port: 4080, search: { domains: ['svc.test'] } });
    await eventually(() => failures.length > 0);
    expect(failures[0]).toBe('DNS has no records for "stok.svc.test" and none for "stok" (ENOTFOUND)');
  });

  test('leads calls to the instances', async () => {
    const service = await startOurs({ name: 'found' });
    const port = Number(service.address.split(':')[1]);
    server.zone.set('shop.test', [{ type: 'A', address: '127.0.0.1', ttl: 5 }]);
    const upstreams = createUpstreams({
      shop: { discovery: dns({ name: 'shop.test', port, servers: [server.address] }) },
    });
    const options = { signal: new AbortController().signal, deadline: performance.now() + 5_000 };
    const { value } = await upstreams.bind({})(shop.count, { key: 'k' }, options);
    expect(value).toEqual({ by: 'found' });
    await upstreams.close();
    await service.close();
  });

  test.each([
    [{ name: '' }, /dns.name/],
    [{ name: 'a', type: 'A' }, /dns.port \(which A records need\): got NaN/],
    [{ name: 'a', port: 0 }, /dns.port/],
    [{ name: 'a', minTtlMs: 0 }, /dns.minTtlMs: got 0/],
  ] as [DnsOptions, RegExp][])('refuses %j', (options, message) => {
    expect(() => dns(options)).toThrow(message);
  });
});
