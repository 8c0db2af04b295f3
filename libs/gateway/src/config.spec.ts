import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { gatewayConfig } from './config.js';

const config = gatewayConfig(
  'spec-bff',
  { port: 3000, services: { catalog: 4020, 'order-archive': 4070 } },
  { SPEC_SECRET: z.string().min(8, 'expected at least 8 characters').default('not-a-secret') },
);

describe('a service that speaks HTTP', () => {
  const http = gatewayConfig('spec-bff', { port: 3000, services: { users: { kind: 'http', port: 4070 } } });

  test('has its port in development, and its kind', () => {
    expect(http.load({})).toMatchObject({
      services: { users: ['127.0.0.1:4070'] },
      kinds: { users: 'http' },
    });
  });

  test.each([
    ['a:1,b:2', ['a:1', 'b:2']],
    ['http://a:1, http://b/', ['http://a:1', 'http://b']],
    ['https://users.internal', ['https://users.internal']],
    ['srv://_users._tcp.internal', ['srv://_users._tcp.internal']],
  ])('is at %s', (text, addresses) => {
    expect(http.load({ USERS_ADDRESSES: text }).services['users']).toEqual(addresses);
  });

  test.each([
    ['https://a/v1', 'USERS_ADDRESSES  is "https://a/v1"; expected a base URL without a path'],
    ['https://a?key=1', 'expected a base URL without a path'],
    ['https://me:hunter2@a', 'USERS_ADDRESSES  is (withheld); expected a base URL without credentials'],
    ['https://a,http://b', 'expected http:// or https:// for all of them'],
    ['https://a,b:1', 'and no mixture'],
    ['ftp://a', 'expected host:port or https://host (several'],
  ])('is not at %s', (text, message) => {
    const load = () => http.load({ USERS_ADDRESSES: text });
    expect(load).toThrow(message);
    expect(load).not.toThrow('hunter2');
  });
});

test('a service behind a broker has no address', () => {
  const { services, kinds } = gatewayConfig('spec-bff', {
    port: 3000,
    services: { users: { kind: 'nest' } },
  }).load({});
  expect({ services, kinds }).toEqual({ services: { users: [] }, kinds: { users: 'nest' } });
});

test('a service of a kind that there is not is named at once', () => {
  const services = { users: { kind: 'grpc', port: 1 } } as never;
  expect(() => gatewayConfig('spec-bff', { port: 3000, services })).toThrow(
    'spec-bff: services.users.kind: got grpc, expected tcp, http, nest',
  );
});

describe("a gateway's configuration", () => {
  test('has a default for everything: development, the ports of the workspace, documents', () => {
    expect(config.load({})).toMatchObject({
      production: false,
      http: { host: '127.0.0.1', port: 3000, drainDelayMs: 0 },
      admin: { host: '127.0.0.1', port: 3001 },
      docs: true,
      services: { catalog: ['127.0.0.1:4020'], 'order-archive': ['127.0.0.1:4070'] },
    });
  });

  test('takes several instances of a service', () => {
    const { services } = config.load({ ORDER_ARCHIVE_ADDRESSES: 'a:1,b:2' });
    expect(services['order-archive']).toEqual(['a:1', 'b:2']);
  });

  test.each(['dns://catalog.shop.svc:4020', 'srv://_catalog._tcp.shop.svc', 'redis://127.0.0.1:6379'])(
    'takes %s, where the instances can be learnt while it runs',
    (place) => {
      expect(config.load({ CATALOG_ADDRESSES: place }).services['catalog']).toEqual([place]);
    },
  );

  test.each([
    'dns://catalog',
    'srv://catalog:4020',
    'http://catalog:4020',
    'dns://',
    'redis://a:1,redis://b:1',
  ])('refuses %s as a place, and says what would do', (place) => {
    expect(() => config.load({ CATALOG_ADDRESSES: place })).toThrow(/expected host:port .*dns:\/\/name:port/);
  });

  test('shows no password of a registry that is written wrongly', () => {
    const load = () => config.load({ CATALOG_ADDRESSES: 'redis://me:hunter2@a:1,b:2' });
    expect(load).toThrow('CATALOG_ADDRESSES  is (withheld)');
  });

  test('in production shows no documents and drains before it closes', () => {
    expect(config.load({ NODE_ENV: 'production', TRUSTED_PROXIES: 'none' })).toMatchObject({
      docs: false,
      http: { drainDelayMs: 5_000 },
    });
  });

  test('in production has to be told which balancer it believes, or that there is none', () => {
    expect(() => config.load({ NODE_ENV: 'production' })).toThrow(
      /TRUSTED_PROXIES +is not set; expected the addresses or networks of the balancer in front/,
    );
    const of = (TRUSTED_PROXIES: string) => config.load({ NODE_ENV: 'production', TRUSTED_PROXIES });
    expect(of('none').http.trustedProxies).toEqual([]);
    expect(of('10.0.0.0/8').http.trustedProxies).toEqual(['10.0.0.0/8']);
    expect(config.load({}).http.trustedProxies).toEqual([]);
  });

  test('takes parts of the wire away where it is told so', () => {
    expect(config.load({}).wireAbilities).toEqual(['fields', 'first', 'times']);
    expect(config.load({ WIRE_ABILITIES: 'none' }).wireAbilities).toEqual([]);
    expect(config.load({ WIRE_ABILITIES: 'first, times' }).wireAbilities).toEqual(['first', 'times']);
    expect(() => config.load({ WIRE_ABILITIES: 'all' })).toThrow(
      /WIRE_ABILITIES +is "all"; expected none, or some of fields, first, times with commas between/,
    );
  });

  test("has the gateway's own variables under `own`, and no others", () => {
    expect(config.load({ SPEC_SECRET: 'something-else', LOG_LEVEL: 'debug' }).own).toEqual({
      SPEC_SECRET: 'something-else',
    });
  });

  test('names every variable that does not fit', () => {
    const load = () => config.load({ CATALOG_ADDRESSES: 'nowhere', DOCS: 'yes', SPEC_SECRET: 'short' });
    expect(load).toThrow('CATALOG_ADDRESSES  is "nowhere"; expected host:port');
    expect(load).toThrow(/DOCS +is "yes"; expected true or false/);
    expect(load).toThrow(/SPEC_SECRET +is \(withheld\); expected at least 8 characters/);
  });
});
