import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Browser, csrf, startGateway, type Gateway } from './gateway.js';
import { client, startWebIssuer, type WebIssuer } from './issuer.js';

describe('signing a browser in', () => {
  let issuer: WebIssuer;
  let gateway: Gateway;

  beforeAll(async () => {
    issuer = await startWebIssuer();
    gateway = await startGateway(issuer.url);
  });

  afterEach(() => {
    delete issuer.tricks.callback;
    delete issuer.tricks.idToken;
  });

  afterAll(async () => {
    await gateway.stop();
    await issuer.stop();
  });

  const errorOf = async (answer: Response) => ((await answer.json()) as { code: string }).code;

  test('W1 a login goes to the issuer with code, S256 PKCE and a state and nonce that are new each time', async () => {
    const go = async () => {
      const answer = await gateway.call('/auth/login');
      expect(answer.status).toBe(302);
      return new URL(answer.headers.get('location') ?? '').searchParams;
    };
    const [first, second] = [await go(), await go()];
    expect(first.get('response_type')).toBe('code');
    expect(first.get('client_id')).toBe(client.id);
    expect(first.get('code_challenge_method')).toBe('S256');
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(first.get(name)?.length).toBeGreaterThanOrEqual(43);
      expect(second.get(name)).not.toBe(first.get(name));
    }
  });

  test('W1 the client proves itself: with another secret the issuer gives nothing', async () => {
    const impostor = await startGateway(issuer.url, { clientSecret: 'guessed' });
    const answer = await new Browser().signIn(impostor);
    await impostor.stop();
    expect([answer.status, await errorOf(answer)]).toEqual([502, 'auth.misconfigured']);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  test.each([
    ['foreign', (back: URLSearchParams) => back.set('state', 'made-up')],
    ['missing', (back: URLSearchParams) => back.delete('state')],
    ['doubled', (back: URLSearchParams) => back.append('state', back.get('state') ?? '')],
  ])('W2 a callback with a %s state is refused', async (_, trick) => {
    issuer.tricks.callback = trick;
    const browser = new Browser();
    const answer = await browser.signIn(gateway);
    expect(answer.status).toBe(400);
    expect(browser.session).toBe('');
  });

  test('W2 a callback that was used is refused, and its session stays as it was', async () => {
    const browser = new Browser();
    const callback = await browser.callbackOf(gateway);
    const cookie = browser.loginCookies;
    expect((await browser.visit(gateway, callback)).status).toBe(303);
    const again = await gateway.call(callback, { headers: { cookie } });
    expect(again.status).toBe(400);
    expect(again.headers.getSetCookie()).toEqual([]);
    expect((await browser.visit(gateway, '/v1/mine', { headers: csrf })).status).toBe(200);
  });

  test('W2 a callback of another browser’s sign-in is refused', async () => {
    const callback = await new Browser().callbackOf(gateway);
    const victim = new Browser();
    await victim.callbackOf(gateway);
    expect((await victim.visit(gateway, callback)).status).toBe(400);
    expect(await errorOf(await gateway.call(callback))).toBe('auth.no-sign-in');
  });

  test.each([
    ['a wrong iss', (back: URLSearchParams) => back.set('iss', 'https://evil.example')],
    ['no iss', (back: URLSearchParams) => back.delete('iss')],
  ])('W2 a callback with %s is refused', async (_, trick) => {
    issuer.tricks.callback = trick;
    expect((await new Browser().signIn(gateway)).status).toBe(400);
  });

  test.each([
    ['another nonce', { nonce: 'made-up' }],
    ['no nonce', { nonce: undefined }],
    ['another audience', { aud: 'mobile-bff' }],
    ['another issuer', { iss: 'https://evil.example' }],
    ['an end in the past', { exp: 1_000_000_000 }],
  ])('W2 an ID token with %s is refused', async (_, claims) => {
    issuer.tricks.idToken = claims;
    const browser = new Browser();
    const answer = await browser.signIn(gateway);
    expect([answer.status, await errorOf(answer)]).toEqual([400, 'auth.sign-in-failed']);
    expect(browser.session).toBe('');
  });

  test('W2 a user who turned back at the issuer is not signed in', async () => {
    issuer.tricks.callback = (back) => {
      back.delete('code');
      back.set('error', 'access_denied');
    };
    const browser = new Browser();
    expect((await browser.signIn(gateway)).status).toBe(401);
    expect(browser.session).toBe('');
  });

  test('W3 the session’s cookie is a __Host- one, Strict, small; the login’s is another, Lax', async () => {
    const browser = new Browser();
    await browser.signIn(gateway);
    const [login = '', session = ''] = browser.setCookies;
    expect(login).toMatch(
      /^__Host-facet-login-[\w-]{16}=[\w.-]{200,900}; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=600$/,
    );
    expect(session).toMatch(/^__Host-facet-session=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/);
    expect(session.length).toBeLessThanOrEqual(4_096);
  });

  test('W4 a session id is new at each login, and one that was set before is never taken up', async () => {
    const browser = new Browser();
    const preset = 'A'.repeat(43);
    browser.cookies.set('__Host-facet-session', preset);
    await browser.signIn(gateway);
    const first = browser.session;
    await browser.signIn(gateway);
    expect(new Set([preset, first, browser.session]).size).toBe(3);
    for (const old of [preset, first]) {
      const cookie = `__Host-facet-session=${old}`;
      expect((await gateway.call('/v1/mine', { headers: { ...csrf, cookie } })).status).toBe(401);
    }
  });

  test('W5 nothing that the issuer gave reaches the browser, in any header or body', async () => {
    const browser = new Browser();
    const seen: string[] = [];
    const keep = async (answer: Response) =>
      seen.push(JSON.stringify([...answer.headers]), await answer.text());
    await keep(await browser.signIn(gateway));
    await keep(await browser.visit(gateway, '/auth/user', { headers: csrf }));
    await keep(await browser.visit(gateway, '/auth/sessions', { headers: csrf }));
    await keep(await browser.visit(gateway, '/v1/mine', { headers: csrf }));
    await keep(await browser.visit(gateway, '/auth/logout', { method: 'POST', headers: csrf }));
    expect(issuer.seen.secrets.length).toBeGreaterThanOrEqual(3);
    for (const secret of issuer.seen.secrets) expect(seen.join('\n')).not.toContain(secret);
  });

  test.each(['/v1/mine', '/auth/user', '/auth/sessions'])(
    'W6 GET %s without X-CSRF: 1 is refused, signed in or not',
    async (path) => {
      const browser = new Browser();
      await browser.signIn(gateway);
      expect((await browser.visit(gateway, path, { headers: csrf })).status).toBe(200);
      for (const headers of [{}, { 'x-csrf': '0' }, { 'x-csrf': '1, 1' }]) {
        const answer = await browser.visit(gateway, path, { headers });
        expect([answer.status, await errorOf(answer)]).toEqual([401, 'auth.csrf-header-missing']);
      }
      expect((await gateway.call(path)).status).toBe(401);
    },
  );

  test("W6 an EventSource of the gateway's own page, which can set no header, is taken by what its browser says", async () => {
    const browser = new Browser();
    await browser.signIn(gateway);
    const says = {
      ...{ accept: 'text/event-stream', 'sec-fetch-site': 'same-origin' },
      ...{ 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
    };
    expect((await browser.visit(gateway, '/v1/mine', { headers: says })).status).toBe(200);
    for (const other of [
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-dest': 'image' },
      { accept: '*/*' },
      { 'x-csrf': '0' },
    ]) {
      const answer = await browser.visit(gateway, '/v1/mine', { headers: { ...says, ...other } });
      expect([other, answer.status >= 400]).toEqual([other, true]);
    }
    const write = await browser.visit(gateway, '/auth/logout', { method: 'POST', headers: says });
    expect(await errorOf(write)).toBe('auth.csrf-header-missing');
  });

  test('W9 an anonymous call is refused without a redirect, and says how to sign in', async () => {
    for (const path of ['/v1/mine', '/auth/user']) {
      const answer = await gateway.call(path, { headers: csrf });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('location')).toBeNull();
    }
  });

  test.each(['/v1/mine', '/auth/user', '/auth/sessions'])(
    'W9 a dead cookie is refused by %s with where to sign in, and is taken away',
    async (path) => {
      const cookie = `__Host-facet-session=${'B'.repeat(43)}`;
      const stale = await gateway.call(path, { headers: { ...csrf, cookie } });
      expect(stale.status).toBe(401);
      expect(stale.headers.get('www-authenticate')).toContain('/auth/login');
      expect(stale.headers.getSetCookie()).toEqual([
        expect.stringMatching(/^__Host-facet-session=;.*Max-Age=0/),
      ]);
    },
  );

  test('W9 who never had a cookie is told below /auth where to sign in, and gets none', async () => {
    const answer = await gateway.call('/auth/user', { headers: csrf });
    expect(answer.headers.get('www-authenticate')).toContain('/auth/login');
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  test('W9 the user endpoint names what the page may know and nothing else', async () => {
    issuer.tricks.idToken = { phone_number: '+49 30 1234', groups: ['admins'], email: 'ada@example.com' };
    const browser = new Browser();
    await browser.signIn(gateway);
    const answer = await browser.visit(gateway, '/auth/user', { headers: csrf });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toEqual({
      subject: issuer.subject,
      name: 'Ada Byron',
      email: 'ada@example.com',
      roles: ['customer'],
      customerId: 'cus_0001',
      session: { id: expect.any(String), endsAt: expect.any(String) },
    });
  });

  test('the caller of an API route is the user, with the scopes that the issuer granted', async () => {
    const browser = new Browser();
    await browser.signIn(gateway);
    expect(await (await browser.visit(gateway, '/v1/mine', { headers: csrf })).json()).toEqual({
      subject: issuer.subject,
      kind: 'user',
      client: client.id,
      scopes: ['openid', 'orders:read'],
      roles: ['customer'],
      customerId: 'cus_0001',
      credential: 'session',
    });
  });

  test('is no customer where the issuer names one that cannot be', async () => {
    issuer.tricks.idToken = { customer_id: '../cus_0002' };
    const browser = new Browser();
    await browser.signIn(gateway);
    const user = (await (await browser.visit(gateway, '/auth/user', { headers: csrf })).json()) as object;
    expect(user).toMatchObject({ subject: issuer.subject });
    expect(user).not.toHaveProperty('customerId');
  });

  test('W12 a sign-in leads back to where it began', async () => {
    const answer = await new Browser().signIn(gateway, '?returnTo=%2Forders%3Fpage%3D2%23top');
    expect(answer.headers.get('location')).toBe('/orders?page=2#top');
  });

  test.each([
    '//e',
    '/\\e',
    '\\\\e',
    '/%0d%0aset-cookie:a=b',
    '/\r\nset-cookie: a=b',
    '/\te',
    'https:e',
    'https://e.example',
    'javascript:alert(1)',
    'e',
    '',
    '/a\\b',
    '/é',
    `/${'a'.repeat(2_000)}`,
  ])('W12 the return address %j is refused', async (returnTo) => {
    const answer = await gateway.call(`/auth/login?returnTo=${encodeURIComponent(returnTo)}`);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('location')).toBeNull();
  });

  test('a sign-in and its failure are on record, without a code, a token or a cookie', async () => {
    const before = gateway.events.length;
    const browser = new Browser();
    await browser.signIn(gateway);
    issuer.tricks.callback = (back) => back.set('state', 'made-up');
    await new Browser().signIn(gateway);
    const events = gateway.events.slice(before);
    expect(events.map(({ type, outcome }) => [type, outcome])).toEqual([
      ['sign-in', 'success'],
      ['sign-in', 'failure'],
    ]);
    expect(events[0]).toMatchObject({ subject: issuer.subject, client: client.id });
    for (const secret of [browser.session, ...issuer.seen.secrets]) {
      expect(JSON.stringify(events)).not.toContain(secret);
    }
  });

  test('L3 who is turned away from the routes below /auth is on record', async () => {
    const before = gateway.events.length;
    await gateway.call('/auth/user', { headers: csrf });
    await gateway.call('/auth/sessions/some-id', { method: 'DELETE' });
    await gateway.call('/auth/logout', {
      method: 'POST',
      headers: { ...csrf, origin: 'https://evil.example' },
    });
    await gateway.call('/auth/login?returnTo=//e');
    const denied = { type: 'access', outcome: 'denied', requestId: expect.any(String) };
    expect(gateway.events.slice(before)).toEqual([
      { ...denied, code: 'auth.sign-in-required', target: 'GET /auth/user' },
      { ...denied, code: expect.any(String), target: 'DELETE /auth/sessions/:id' },
      { ...denied, code: expect.any(String), target: 'POST /auth/logout' },
    ]);
  });

  test('an issuer that is away is a 503 for who signs in', async () => {
    const gone = await startGateway('http://127.0.0.1:9');
    const answer = await gone.call('/auth/login');
    expect([answer.status, await errorOf(answer)]).toEqual([503, 'auth.issuer-unavailable']);
    await gone.stop();
  });
});
