import { Controller, Get, Injectable, Module, Req, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Authenticator } from '@facet/access';
import type { Caller } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { startIssuer } from '@facet/testing/issuer';
import { createBearerAuthenticator } from '../src/bearer/authenticator.js';
import { AuthenticatorStrategy } from '../src/passport.js';
import { requestOf } from './requests.js';

const AUDIENCE = 'https://mobile.example.com';

const running: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const each of running.splice(0)) await each.close();
});

/** An ordinary Nest application whose one route is for those who pass a strategy of the application's own. */
async function application(authenticator: Authenticator, validate = (caller: Caller): unknown => caller) {
  const toRequest = (request: unknown) =>
    requestOf({ headers: Object.entries((request as { headers: Record<string, string> }).headers) });
  @Injectable()
  class FacetStrategy extends PassportStrategy(AuthenticatorStrategy, 'facet') {
    constructor() {
      super({ authenticator, toRequest });
    }

    validate(caller: Caller) {
      return validate(caller);
    }
  }
  @Controller()
  class Me {
    @Get('me')
    @UseGuards(AuthGuard('facet'))
    me(@Req() { user }: { user: Caller }) {
      return { subject: user.subject };
    }
  }
  @Module({ controllers: [Me], providers: [FacetStrategy] })
  class App {}
  const app = await NestFactory.create<NestFastifyApplication>(App, new FastifyAdapter(), { logger: false });
  running.push(app);
  await app.init();
  return (authorization?: string) =>
    app.inject({ url: '/me', headers: authorization === undefined ? {} : { authorization } });
}

const answering = (answer: Authenticator['authenticate']): Authenticator => ({
  ...{ credentials: ['bearer'], schemes: {}, challenge: () => ({}) },
  authenticate: answer,
});
const ada: Caller = {
  ...{ subject: 'user-1', kind: 'user', client: 'app-1', scopes: [], roles: [], credential: 'bearer' },
};

describe('the strategy', () => {
  test("proves callers in an ordinary Nest application through passport's own guard", async () => {
    const issuer = await startIssuer();
    running.push({ close: () => issuer.stop() });
    const get = await application(
      createBearerAuthenticator({ issuer: issuer.url, audience: AUDIENCE, kind: 'user' }),
    );
    const accepted = await get(`Bearer ${await issuer.token(AUDIENCE)}`);
    expect([accepted.statusCode, accepted.json()]).toEqual([200, { subject: 'user-1' }]);
    expect((await get()).statusCode).toBe(401);
    expect((await get('Bearer nonsense')).statusCode).toBe(401);
  });

  test('gives the caller to validate, which may turn it away', async () => {
    const get = await application(
      answering(() => Promise.resolve(ada)),
      ({ subject }) => ({
        subject: `validated ${subject}`,
      }),
    );
    expect((await get()).json()).toEqual({ subject: 'validated user-1' });
    const refusing = await application(
      answering(() => Promise.resolve(ada)),
      () => false,
    );
    expect((await refusing()).statusCode).toBe(401);
  });

  test('keeps the fault of a bad credential, of a failure and of a defect apart', async () => {
    for (const [error, status] of [
      [new Fault('auth.invalid-token', 401, ''), 401],
      [new Fault('down', 503, ''), 500],
      [new TypeError('defect'), 500],
    ] as const)
      expect((await (await application(answering(() => Promise.reject(error))))()).statusCode).toBe(status);
  });

  test('keeps many requests at once apart', async () => {
    const get = await application(
      answering(async ({ headers }) => {
        await new Promise((resolve) => setImmediate(resolve));
        return { ...ada, subject: headers.find(([name]) => name === 'authorization')?.[1] ?? '' };
      }),
    );
    const ids = Array.from({ length: 100 }, (_, i) => `request-${i}`);
    const answers = await Promise.all(ids.map((id) => get(id)));
    expect(answers.map((answer) => answer.json<{ subject: string }>().subject)).toEqual(ids);
  });
});
