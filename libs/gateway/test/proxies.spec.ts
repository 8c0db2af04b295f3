import { afterEach, describe, expect, test } from '@jest/globals';
import { ConfigError, Fault, type Authenticator, type AuthRequest } from '@facet/platform';
import { Controller, Get } from '@nestjs/common';
import { RequireAccess } from '../src/index.js';
import { startTestGateway } from './support/gateway.js';

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
async function seenWith(env: Record<string, string>): Promise<AuthRequest> {
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
  const headers = {
    'x-forwarded-for': '203.0.113.9',
    'X-Forwarded-Proto': 'https',
    'x-forwarded-host': 'shop.example',
    forwarded: 'for=203.0.113.9',
    'x-real-ip': '203.0.113.9',
    'Client-Cert': ':MIIB:',
    'client-cert-chain': ':MIIB:',
    'x-other': 'stays',
  };
  expect((await gateway.http.get('/x', { headers })).status).toBe(200);
  const [request] = seen;
  if (request === undefined) throw new Fault('spec.unseen', 500, 'nobody asked the authenticator');
  return request;
}

const names = ({ headers }: AuthRequest) => headers.map(([name]) => name);

describe('what only a proxy may say', () => {
  test('P3 I1 is stripped where it comes from anybody else, a client certificate too', async () => {
    for (const env of [{}, { TRUSTED_PROXIES: '10.0.0.0/8, fd00::/8, 192.0.2.1' }]) {
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

  test.each(['1', 'true', '10.0.0.0/33', '10.0.0.0/8/8', 'localhost', '10.0.0.0/'])(
    'I4 a gateway does not start with TRUSTED_PROXIES=%s',
    async (TRUSTED_PROXIES) => {
      await expect(seenWith({ TRUSTED_PROXIES })).rejects.toThrow(ConfigError);
    },
  );
});
