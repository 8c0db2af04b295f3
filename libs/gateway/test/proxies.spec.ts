import { afterEach, describe, expect, test } from '@jest/globals';
import type { Authenticator, AuthRequest } from '@facet/access';
import { ConfigError, Fault } from '@facet/platform';
import { Controller, Get } from '@nestjs/common';
import { RequireAccess } from '../src/index.js';
import { rawExchange, startTestGateway, type TestGateway } from './support/gateway.js';

@Controller()
@RequireAccess('public')
class PlainController {
  @Get('x')
  x() {
    return {};
  }
}

const running: { stop(): Promise<void> }[] = [];
afterEach(() => Promise.all(running.splice(0).map((each) => each.stop())));

/** What an authenticator sees of a request that says who it is from. */
async function seenWith(
  env: Record<string, string>,
  ask: (gateway: TestGateway) => Promise<number> = forwardedFor('203.0.113.9'),
): Promise<AuthRequest> {
  const seen: AuthRequest[] = [];
  const authenticator: Authenticator = {
    credentials: ['bearer'],
    schemes: {},
    authenticate: (request) => {
      seen.push(request);
      return Promise.resolve(undefined);
    },
    challenge: () => ({}),
  };
  const gateway = await startTestGateway({
    ...{ controllers: [PlainController], env, auth: () => ({ authenticator }) },
  });
  running.push(gateway);
  expect(await ask(gateway)).toBe(200);
  const [request] = seen;
  if (request === undefined) throw new Fault('spec.unseen', 500, 'nobody asked the authenticator');
  return request;
}

const forwardedFor =
  (from: string) =>
  async ({ http }: TestGateway): Promise<number> => {
    const headers = {
      'x-forwarded-for': from,
      'X-Forwarded-Proto': 'https',
      'x-forwarded-host': 'shop.example',
      forwarded: 'for=203.0.113.9',
      'x-real-ip': '203.0.113.9',
      'Client-Cert': ':MIIB:',
      'client-cert-chain': ':MIIB:',
      'x-other': 'stays',
    };
    return (await http.get('/x', { headers })).status;
  };

const names = ({ headers }: AuthRequest) => headers.map(([name]) => name);

describe('what only a proxy may say', () => {
  test('P3 I1 is stripped where it comes from anybody else, a client certificate too', async () => {
    for (const env of [
      {},
      { TRUSTED_PROXIES: 'none' },
      { TRUSTED_PROXIES: '10.0.0.0/8, fd00::/8, 192.0.2.1' },
    ]) {
      const request = await seenWith(env as Record<string, string>);
      expect(request.remoteAddress).toMatch(/127\.0\.0\.1$/);
      expect(request.url.href).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/x$/);
      const left = names(request).filter((name) => /forwarded|real-ip|client-cert/.test(name));
      expect(left).toEqual([]);
      expect(names(request)).toContain('x-other');
    }
  });

  test('I4 is believed where it comes from a network that is trusted', async () => {
    const request = await seenWith({ TRUSTED_PROXIES: '127.0.0.0/8' });
    expect([request.remoteAddress, request.url.href]).toEqual(['203.0.113.9', 'https://shop.example/x']);
    expect(names(request)).toContain('client-cert');
  });

  test.each([
    ['1.2.3.4', '1.2.3.4'],
    ['1.2.3.4:5555', '1.2.3.4'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['203.0.113.9, 127.0.0.2:80', '203.0.113.9'],
    ['203.0.113.9, garbage', '127.0.0.1'],
    ['garbage, 127.0.0.2', '127.0.0.2'],
    ...['garbage', 'unknown', '[1.2.3.4]:80', '1.2.3', '1', '_hidden', 'a'.repeat(3_000)].map(
      (text) => [text, '127.0.0.1'] as const,
    ),
  ])('R3 X-Forwarded-For %s is from %s', async (from, address) => {
    const request = await seenWith({ TRUSTED_PROXIES: '127.0.0.0/8' }, forwardedFor(from));
    expect(request.remoteAddress).toBe(address);
  });

  test.each(['1', 'true', '10.0.0.0/33', '10.0.0.0/8/8', 'localhost', '10.0.0.0/'])(
    'I4 a gateway does not start with TRUSTED_PROXIES=%s',
    async (TRUSTED_PROXIES) => {
      await expect(seenWith({ TRUSTED_PROXIES })).rejects.toThrow(ConfigError);
    },
  );
});

describe('what was asked for', () => {
  test.each([
    ['/x', '/x'],
    ['/x?', '/x?'],
    ["/x?a='b'&c={d}|%7e", "/x?a='b'&c={d}|%7e"],
    ['/%78?a=/../b', '/%78?a=/../b'],
    ['http://shop.example/x?a=1', '/x?a=1'],
    ['HTTP://shop.example:8080/x', '/x'],
  ])('P4 %s is told an authenticator as it arrived', async (target, expected) => {
    const request = await seenWith({}, async ({ url }) => {
      const lines = `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
      return Number((await rawExchange(url, lines)).slice(9, 12));
    });
    expect(request.target).toBe(expected);
  });
});
