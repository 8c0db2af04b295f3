import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Browser, csrf, origin, startGateway, type Gateway } from './gateway.js';
import { client, startWebIssuer, type WebIssuer } from './issuer.js';

const BACK_CHANNEL = '/auth/backchannel-logout';

let issuer: WebIssuer;
let gateway: Gateway;
let now = Date.now();

beforeAll(async () => {
  issuer = await startWebIssuer();
  gateway = await startGateway(issuer.url, {
    now: () => now,
    idleMs: 30 * 60_000,
    absoluteMs: 12 * 3_600_000,
  });
});

afterEach(() => {
  delete issuer.tricks.idToken;
  issuer.tricks.failing = false;
});

afterAll(async () => {
  await gateway.stop();
  await issuer.stop();
});

const signedIn = async (userAgent = 'a browser') => {
  const browser = new Browser();
  const callback = await browser.callbackOf(gateway);
  await browser.visit(gateway, callback, { headers: { 'user-agent': userAgent } });
  return browser;
};
const statusOf = async (browser: Browser) =>
  (await browser.visit(gateway, '/v1/mine', { headers: csrf })).status;

describe('calls from elsewhere', () => {
  test.each([
    ['a foreign origin', { origin: 'https://evil.example' }],
    ['the origin null', { origin: 'null' }],
    ['another port of this host', { origin: 'http://localhost:3900' }],
    ['this origin with a dot at its end', { origin: `${origin}.` }],
    ['another site, by its fetch metadata', { 'sec-fetch-site': 'cross-site' }],
    ['another origin of this site, by its fetch metadata', { 'sec-fetch-site': 'same-site' }],
    ['another site, though its Origin is ours', { origin, 'sec-fetch-site': 'cross-site' }],
    ['another origin of this site, though its Origin is ours', { origin, 'sec-fetch-site': 'same-site' }],
  ])('W7 a call from %s is refused', async (_, headers) => {
    const browser = await signedIn();
    for (const [method, path] of [
      ['GET', '/v1/mine'],
      ['GET', '/auth/user'],
      ['POST', '/auth/logout'],
      ['DELETE', '/auth/sessions'],
    ] as const) {
      const answer = await browser.visit(gateway, path, { method, headers: { ...csrf, ...headers } });
      expect([path, answer.status]).toEqual([path, 403]);
    }
    expect(await statusOf(browser)).toBe(200);
  });

  test.each([{ origin }, { origin, 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none' }, {}])(
    'W7 a call with %j is the page’s own, or no browser’s',
    async (headers) => {
      const browser = await signedIn();
      const answer = await browser.visit(gateway, '/v1/mine', {
        headers: { ...csrf, ...(headers as Record<string, string>) },
      });
      expect(answer.status).toBe(200);
    },
  );

  test('W7 a page of another origin that may call is of another site to its browser', async () => {
    const admin = 'https://admin.example.com';
    const open = await startGateway(issuer.url, { allowedOrigins: [admin] });
    const browser = new Browser();
    await browser.signIn(open);
    const headers = { ...csrf, origin: admin, 'sec-fetch-site': 'cross-site' };
    const answer = await browser.visit(open, '/v1/mine', { headers });
    await open.stop();
    expect(answer.status).toBe(200);
  });

  test.each([
    'application/x-www-form-urlencoded',
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/json',
  ])('W7 a logout with a body of %s is refused: it takes none', async (type) => {
    const browser = await signedIn();
    const headers = { ...csrf, 'content-type': type };
    const answer = await browser.visit(gateway, '/auth/logout', { method: 'POST', headers, body: 'a=b' });
    expect(answer.status).toBe(415);
    expect(await statusOf(browser)).toBe(200);
  });

  test.each(['https://evil.example', 'null', 'http://localhost:3900', origin])(
    'W8 a preflight of %s gets no leave to call',
    async (from) => {
      const answer = await gateway.call('/v1/mine', {
        method: 'OPTIONS',
        headers: {
          origin: from,
          'access-control-request-method': 'GET',
          'access-control-request-headers': 'x-csrf',
        },
      });
      const granted = [...answer.headers.keys()].filter((name) => name.startsWith('access-control-'));
      expect(granted).toEqual([]);
    },
  );
});

describe('signing out', () => {
  test('W10 a logout without X-CSRF, or by GET, ends nothing', async () => {
    const browser = await signedIn();
    expect((await browser.visit(gateway, '/auth/logout', { method: 'POST' })).status).toBe(401);
    expect((await browser.visit(gateway, '/auth/logout', { headers: csrf })).status).toBe(404);
    expect(await statusOf(browser)).toBe(200);
  });

  test('W10 a logout deletes the session, revokes the refresh token, and the cookie is dead', async () => {
    const browser = await signedIn();
    const cookie = `__Host-facet-session=${browser.session}`;
    const answer = await browser.visit(gateway, '/auth/logout', { method: 'POST', headers: csrf });
    expect(answer.status).toBe(200);
    const { location } = (await answer.json()) as { location: string };
    expect(new URL(location).searchParams.get('post_logout_redirect_uri')).toBe(`${origin}/`);
    expect(browser.session).toBe('');
    expect(issuer.seen.revoked.at(-1)).toMatch(/^refresh-/);
    expect((await gateway.call('/v1/mine', { headers: { ...csrf, cookie } })).status).toBe(401);
  });

  test('a user sees all sessions, ends one by its id, and ends all others', async () => {
    const [here, phone, cafe] = [await signedIn('here'), await signedIn('phone'), await signedIn('cafe')];
    const list = async () => {
      const answer = await here.visit(gateway, '/auth/sessions', { headers: csrf });
      return ((await answer.json()) as { items: { id: string; device: string; current: boolean }[] }).items;
    };
    const phones = (await list()).find(({ device }) => device === 'phone');
    expect((await list()).filter(({ current }) => current).map(({ device }) => device)).toEqual(['here']);
    const end = (path: string) => here.visit(gateway, path, { method: 'DELETE', headers: csrf });
    expect((await end(`/auth/sessions/${phones?.id}`)).status).toBe(200);
    expect((await end(`/auth/sessions/${phones?.id}`)).status).toBe(404);
    expect(await Promise.all([here, phone, cafe].map(statusOf))).toEqual([200, 401, 200]);
    expect((await end('/auth/sessions')).status).toBe(200);
    expect((await list()).map(({ device }) => device)).toEqual(['here']);
    expect(await Promise.all([here, cafe].map(statusOf))).toEqual([200, 401]);
  });

  test('a session’s id in the list opens nothing, and another user’s cannot be ended', async () => {
    const mine = await signedIn();
    issuer.tricks.idToken = { sub: 'somebody-else' };
    const other = await signedIn();
    const answer = await mine.visit(gateway, '/auth/sessions', { headers: csrf });
    const { items } = (await answer.json()) as { items: { id: string }[] };
    for (const { id } of items) {
      const cookie = `__Host-facet-session=${id}`;
      expect((await gateway.call('/v1/mine', { headers: { ...csrf, cookie } })).status).toBe(401);
      const attempt = await other.visit(gateway, `/auth/sessions/${id}`, { method: 'DELETE', headers: csrf });
      expect(attempt.status).toBe(404);
    }
    expect(await statusOf(mine)).toBe(200);
  });
});

describe('back-channel logout', () => {
  const tell = (token: string | undefined, headers: Record<string, string> = {}) =>
    gateway.call(BACK_CHANNEL, {
      method: 'POST',
      body: token === undefined ? null : new URLSearchParams({ logout_token: token }),
      headers,
    });

  test('W11 a good logout token ends the user’s sessions', async () => {
    const browser = await signedIn();
    expect((await tell(await issuer.logoutToken())).status).toBe(200);
    expect(await statusOf(browser)).toBe(401);
  });

  test('W11 a token that names a session of the issuer ends what came of that one alone', async () => {
    issuer.tricks.idToken = { sid: 'one' };
    const one = await signedIn();
    issuer.tricks.idToken = { sid: 'two' };
    const two = await signedIn();
    expect((await tell(await issuer.logoutToken({ sid: 'one' }))).status).toBe(200);
    expect([await statusOf(one), await statusOf(two)]).toEqual([401, 200]);
  });

  const events = 'http://schemas.openid.net/event/backchannel-logout';
  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['the typ of any JWT', {}, { typ: 'JWT' }],
    ['the typ of an access token', {}, { typ: 'at+jwt' }],
    ['no typ', {}, { typ: undefined }],
    ['another audience', { aud: 'mobile-bff' }, {}],
    ['another issuer', { iss: 'https://evil.example' }, {}],
    ['no events', { events: undefined }, {}],
    ['another event', { events: { 'http://example.com/event': {} } }, {}],
    ['an event that is no object', { events: { [events]: true } }, {}],
    ['a list of events', { events: [events] }, {}],
    ['a nonce', { nonce: 'n' }, {}],
    ['neither sub nor sid', { sub: undefined }, {}],
    ['no jti', { jti: undefined }, {}],
    ['no iat', { iat: undefined }, {}],
    ['no exp', { exp: undefined }, {}],
    ['an end in the past', { exp: 1_000_000_000 }, {}],
    ['a beginning long ago', { iat: 1_000_000_000 }, {}],
    ['a beginning to come', { iat: 4_000_000_000, exp: 4_000_000_100 }, {}],
  ])('W11 a logout token with %s is refused, sessions intact', async (_, claims, header) => {
    const browser = await signedIn();
    const answer = await tell(await issuer.logoutToken(claims, header));
    expect(answer.status).toBe(400);
    expect(answer.headers.get('cache-control') ?? 'no-store').toBe('no-store');
    expect(await statusOf(browser)).toBe(200);
  });

  test('W11 a replayed logout token is refused, and ends no session that is younger', async () => {
    const token = await issuer.logoutToken();
    expect((await tell(token)).status).toBe(200);
    const browser = await signedIn();
    expect((await tell(token)).status).toBe(400);
    expect(await statusOf(browser)).toBe(200);
  });

  test('W11 a token that is tampered with, signed by nobody or by a secret, or not there at all is refused', async () => {
    const browser = await signedIn();
    const [header = '', payload = '', signature = ''] = (await issuer.logoutToken()).split('.');
    const none = Buffer.from('{"alg":"none","typ":"logout+jwt"}').toString('base64url');
    const tampered = Buffer.from(JSON.stringify({ sub: issuer.subject })).toString('base64url');
    for (const token of [
      `${header}.${tampered}.${signature}`,
      `${none}.${payload}.`,
      ` ${header}.${payload}.${signature}`,
      'x',
      '',
      undefined,
    ]) {
      const answer = await tell(token);
      expect([token, answer.status]).toEqual([token, 400]);
    }
    expect(await statusOf(browser)).toBe(200);
  });

  test('W11 the back channel takes a form alone', async () => {
    const body = JSON.stringify({ logout_token: await issuer.logoutToken() });
    const headers = { 'content-type': 'application/json' };
    expect((await gateway.call(BACK_CHANNEL, { method: 'POST', body, headers })).status).toBe(415);
  });
});

describe('limits', () => {
  const minutes = (count: number) => {
    now += count * 60_000;
  };

  test('W13 a session that lies idle ends', async () => {
    const browser = await signedIn();
    minutes(29);
    expect(await statusOf(browser)).toBe(200);
    minutes(29);
    expect(await statusOf(browser)).toBe(200);
    minutes(31);
    expect(await statusOf(browser)).toBe(401);
  });

  test('W13 a session ends after its time however busy it is, and what the issuer gave for it is revoked', async () => {
    const browser = await signedIn();
    for (let passed = 20; passed < 12 * 60; passed += 20) {
      minutes(20);
      expect(await statusOf(browser)).toBe(200);
    }
    const revoked = issuer.seen.revoked.length;
    minutes(20);
    expect(await statusOf(browser)).toBe(401);
    expect(issuer.seen.revoked.length).toBe(revoked + 1);
  });
});

test('the client that is signed out of is the one that was signed in to', () => {
  expect(gateway.events.every((event) => event.client === undefined || event.client === client.id)).toBe(
    true,
  );
});
