import { Controller, Get, Module, Req, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { describe, expect, test } from '@jest/globals';
import type { Authenticator } from '@facet/access';
import type { Caller } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { startIssuer } from '@facet/testing/issuer';
import passport from 'passport';
import { createBearerAuthenticator } from '../src/bearer/authenticator.js';
import { AuthenticatorStrategy, throughPassport } from '../src/passport.js';
import { requestOf } from './requests.js';

const AUDIENCE = 'https://mobile.example.com';

describe('the strategy', () => {
  test("proves callers in an ordinary Nest application through passport's own guard", async () => {
    const issuer = await startIssuer();
    const bearer = createBearerAuthenticator({ issuer: issuer.url, audience: AUDIENCE, kind: 'user' });
    const toRequest = ({ headers }: { headers: Record<string, string> }) =>
      requestOf({ headers: Object.entries(headers) });
    passport.use(new AuthenticatorStrategy('facet-bearer', bearer, toRequest));

    @Controller()
    class Me {
      @Get('me')
      @UseGuards(AuthGuard('facet-bearer'))
      me(@Req() { user }: { user: Caller }) {
        return { subject: user.subject };
      }
    }
    @Module({ controllers: [Me] })
    class App {}

    const app = await NestFactory.create<NestFastifyApplication>(App, new FastifyAdapter(), {
      logger: false,
    });
    try {
      await app.init();
      const get = (authorization?: string) =>
        app.inject({ url: '/me', headers: authorization === undefined ? {} : { authorization } });
      const accepted = await get(`Bearer ${await issuer.token(AUDIENCE)}`);
      expect([accepted.statusCode, accepted.json()]).toEqual([200, { subject: 'user-1' }]);
      expect((await get()).statusCode).toBe(401);
      expect((await get('Bearer nonsense')).statusCode).toBe(401);
    } finally {
      await app.close();
      await issuer.stop();
    }
  });
});

describe('an authenticator through passport', () => {
  const answering = (answer: () => Promise<Caller | undefined>): Authenticator =>
    throughPassport('any', {
      credentials: ['bearer'],
      schemes: {},
      authenticate: answer,
      challenge: () => ({}),
    });
  const ada: Caller = {
    subject: 'user-1',
    kind: 'user',
    client: 'app-1',
    scopes: [],
    roles: [],
    credential: 'bearer',
  };

  test('gives the caller, and nothing where there is no credential', async () => {
    expect(await answering(() => Promise.resolve(ada)).authenticate(requestOf({}))).toBe(ada);
    expect(await answering(() => Promise.resolve(undefined)).authenticate(requestOf({}))).toBeUndefined();
  });

  test('keeps the fault of a bad credential, of a failure and of a defect apart', async () => {
    for (const error of [
      new Fault('auth.invalid-token', 401, ''),
      new Fault('down', 503, ''),
      new TypeError('defect'),
    ])
      await expect(answering(() => Promise.reject(error)).authenticate(requestOf({}))).rejects.toBe(error);
  });

  test('keeps many requests at once apart', async () => {
    const echo: Authenticator = throughPassport('echo', {
      credentials: ['bearer'],
      schemes: {},
      challenge: () => ({}),
      authenticate: async ({ requestId }) => {
        await new Promise((resolve) => setImmediate(resolve));
        return { ...ada, subject: requestId };
      },
    });
    const ids = Array.from({ length: 100 }, (_, i) => `request-${i}`);
    const callers = await Promise.all(
      ids.map((requestId) => echo.authenticate({ ...requestOf({}), requestId })),
    );
    expect(callers.map((caller) => caller?.subject)).toEqual(ids);
  });
});
