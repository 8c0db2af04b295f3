import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Browser, csrf, startGateway, type Gateway } from './gateway.js';
import { startWebIssuer, type WebIssuer } from './issuer.js';

let issuer: WebIssuer;
let gateway: Gateway;
let now = Date.now();

beforeAll(async () => {
  issuer = await startWebIssuer();
  gateway = await startGateway(issuer.url, { now: () => now });
});
afterAll(async () => {
  await gateway.stop();
  await issuer.stop();
});
afterEach(() => {
  for (const trick of Object.keys(issuer.tricks) as (keyof typeof issuer.tricks)[])
    delete issuer.tricks[trick];
});

const mine = (browser: Browser, at = gateway) => browser.visit(at, '/v1/mine', { headers: csrf });
const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code;

describe('W15 sign-ins of one browser', () => {
  test.each([
    ['that begun first ends first', 0, 1],
    ['that begun last ends first', 1, 0],
  ])('in two tabs at once both succeed, where the one %s', async (_, first, second) => {
    const browser = new Browser();
    const tabs = [
      await browser.callbackOf(gateway, '?returnTo=/a'),
      await browser.callbackOf(gateway, '?returnTo=/b'),
    ];
    for (const tab of [first, second]) {
      const answer = await browser.visit(gateway, tabs[tab]!);
      expect([answer.status, answer.headers.get('location')]).toEqual([303, ['/a', '/b'][tab]]);
      expect((await mine(browser)).status).toBe(200);
    }
    expect(browser.loginCookies).toBe('');
  });

  test('keep their cookies within what a request may carry: the oldest go', async () => {
    const browser = new Browser();
    const returnTo = `?returnTo=/${'x'.repeat(1_900)}`;
    const long = [];
    for (let count = 0; count < 6; count += 1) long.push(await browser.callbackOf(gateway, returnTo));
    expect(browser.loginCookies.length).toBeLessThan(10_000);
    expect((await browser.visit(gateway, long.at(-1)!)).status).toBe(303);

    const many = new Browser();
    const callbacks = [];
    for (let count = 0; count < 14; count += 1) callbacks.push(await many.callbackOf(gateway));
    expect(many.loginCookies.split('; ')).toHaveLength(10);
    expect((await many.visit(gateway, callbacks[0]!)).status).toBe(400);
    expect((await many.visit(gateway, callbacks[4]!)).status).toBe(303);
  });
});

describe('W15 a sign-in under way', () => {
  test('costs the server nothing that a flood can push out', async () => {
    const browser = new Browser();
    const callback = await browser.callbackOf(gateway);
    for (let round = 0; round < 101; round += 1)
      await Promise.all(Array.from({ length: 100 }, async () => (await gateway.call('/auth/login')).text()));
    expect((await browser.visit(gateway, callback)).status).toBe(303);
  }, 180_000);

  test('is sealed: neither its checks nor its way back can be read or changed', async () => {
    const browser = new Browser();
    const callback = await browser.callbackOf(gateway, '?returnTo=/secret-place');
    const [name = '', sealed = ''] = browser.loginCookies.split('=');
    const state = new URLSearchParams(callback.split('?')[1]).get('state') ?? '';
    const readable = sealed.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
    expect(readable.join()).not.toContain('secret-place');
    expect(readable.join()).not.toContain(state);
    const [header, key, iv, text = '', tag] = sealed.split('.');
    const flipped = `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`;
    for (const forged of [[header, key, iv, flipped, tag].join('.'), '', 'a.b.c.d.e', sealed.slice(0, -2)]) {
      const answer = await gateway.call(callback, { headers: { cookie: `${name}=${forged}` } });
      expect([answer.status, await codeOf(answer)]).toEqual([400, 'auth.no-sign-in']);
    }
    const twice = await gateway.call(callback, {
      headers: { cookie: `${name}=${sealed}; ${name}=${sealed}` },
    });
    expect(twice.status).toBe(400);
    expect((await browser.visit(gateway, callback)).status).toBe(303);
  });

  test('is over after ten minutes', async () => {
    const browser = new Browser();
    const callback = await browser.callbackOf(gateway);
    now += 10 * 60_000 + 1_000;
    expect((await browser.visit(gateway, callback)).status).toBe(400);
  });

  test('is good for one sign-in, even where the issuer would give a code twice', async () => {
    const browser = new Browser();
    const callback = await browser.callbackOf(gateway);
    const cookie = browser.loginCookies;
    const code = new URLSearchParams(callback.split('?')[1]).get('code') ?? '';
    expect((await browser.visit(gateway, callback)).status).toBe(303);
    const before = issuer.seen.revoked.length;
    issuer.giveAgain(code);
    const again = await gateway.call(callback, { headers: { cookie } });
    expect([again.status, await codeOf(again)]).toEqual([400, 'auth.no-sign-in']);
    expect(again.headers.getSetCookie()).toEqual([]);
    expect(issuer.seen.revoked).toHaveLength(before + 1);
  });
});

describe('W15 sessions in the process', () => {
  test('that live are never dropped for a newer one, which is refused and told why', async () => {
    let time = Date.now();
    const small = await startGateway(issuer.url, { maxSessions: 2, idleMs: 60_000, now: () => time });
    const [first, second, third] = [new Browser(), new Browser(), new Browser()] as const;
    for (const browser of [first, second]) expect((await browser.signIn(small)).status).toBe(303);
    const refused = await third.signIn(small);
    expect([refused.status, await codeOf(refused)]).toEqual([503, 'session.store-full']);
    expect(small.events.at(-1)).toMatchObject({
      type: 'sign-in',
      outcome: 'failure',
      code: 'session.store-full',
    });
    for (const browser of [first, second]) expect((await mine(browser, small)).status).toBe(200);

    await first.visit(small, '/auth/logout', { method: 'POST', headers: csrf });
    expect((await third.signIn(small)).status).toBe(303);
    time += 1;
    await small.stop();
  });
});

describe("W17 the gateway's own credentials", () => {
  test.each([
    ['names no method', { clientAuth: 'client_secret_basic' }],
    [
      'takes client_secret_basic alone',
      { clientAuth: 'client_secret_basic', named: ['client_secret_basic'] },
    ],
    ['takes client_secret_post alone', { clientAuth: 'client_secret_post', named: ['client_secret_post'] }],
  ] as const)('are given in the way that the issuer takes: one that %s', async (_, tricks) => {
    Object.assign(issuer.tricks, tricks);
    const fresh = await startGateway(issuer.url);
    const browser = new Browser();
    expect((await browser.signIn(fresh)).status).toBe(303);
    expect((await mine(browser, fresh)).status).toBe(200);
    await fresh.stop();
  });

  test('may be given in a way that the configuration says', async () => {
    Object.assign(issuer.tricks, {
      clientAuth: 'client_secret_post',
      named: ['client_secret_basic', 'client_secret_post'],
    });
    const byDefault = await startGateway(issuer.url);
    expect((await new Browser().signIn(byDefault)).status).toBe(502);
    const told = await startGateway(issuer.url, { clientAuth: 'client_secret_post' });
    expect((await new Browser().signIn(told)).status).toBe(303);
    await Promise.all([byDefault.stop(), told.stop()]);
  });

  test.each([
    ['another secret', { clientSecret: 'wrong' }, {}, /^invalid_client$/],
    ['a method that the issuer does not have', {}, { named: ['private_key_jwt'] }, /only private_key_jwt$/],
    [
      'a grant that this client may not use',
      {},
      { refusal: { error: 'unauthorized_client', error_description: 'no codes for you' } },
      /^unauthorized_client: no codes for you$/,
    ],
    ['another name of the issuer', {}, { issuer: 'https://elsewhere.example' }, /names itself otherwise/],
  ])(
    'that are wrong are a 502 and their reason is told to the operator: %s',
    async (_, options, tricks, reason) => {
      Object.assign(issuer.tricks, tricks);
      const wrong = await startGateway(issuer.url, options);
      const browser = new Browser();
      const begun = await browser.visit(wrong, '/auth/login');
      const answer = begun.status === 302 ? await browser.signIn(wrong) : begun;
      const text = await answer.text();
      expect([answer.status, JSON.parse(text)]).toEqual([
        502,
        expect.objectContaining({ code: 'auth.misconfigured' }),
      ]);
      expect(wrong.troubles).toEqual([expect.stringMatching(reason)]);
      expect(text).not.toMatch(reason);
      await wrong.stop();
    },
  );

  test.each([
    ['access_denied', 401, 'auth.sign-in-refused', []],
    ['login_required', 401, 'auth.sign-in-refused', []],
    ['invalid_scope', 502, 'auth.misconfigured', ['invalid_scope']],
    ['temporarily_unavailable', 503, 'auth.issuer-unavailable', [undefined]],
    ['made_up_by_a_stranger', 400, 'auth.sign-in-failed', []],
  ])('are told from what a person or the issuer causes: %s', async (error, status, code, troubles) => {
    issuer.tricks.callback = (back) => {
      back.delete('code');
      back.set('error', error);
      back.set('error_description', 'not for the log');
    };
    const fresh = await startGateway(issuer.url);
    const answer = await new Browser().signIn(fresh);
    expect([answer.status, await codeOf(answer)]).toEqual([status, code]);
    expect(fresh.troubles).toEqual(troubles);
    await fresh.stop();
  });
});

describe('W17 a person whose sign-in fails', () => {
  const html = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

  test.each([
    [html, 'text/html; charset=utf-8'],
    ['application/json', 'application/json; charset=utf-8'],
    ['*/*', 'application/json; charset=utf-8'],
    ['text/html;q=0.1, application/json', 'application/json; charset=utf-8'],
    ['text/html;q=0', 'application/json; charset=utf-8'],
  ])('is shown what the browser asks for (Accept: %s)', async (accept, type) => {
    issuer.tricks.callback = (back) => {
      back.delete('code');
      back.set('error', 'access_denied');
    };
    const browser = new Browser();
    const callback = await browser.callbackOf(gateway);
    const answer = await browser.visit(gateway, callback, { headers: { accept } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([401, type]);
    expect(answer.headers.get('vary')).toBe('Origin, Accept');
  });

  test('sees a page with a way back, which says nothing that a stranger has put there', async () => {
    issuer.tricks.callback = (back) => {
      back.delete('code');
      back.set('error', '<script>alert(1)</script>');
    };
    const answer = await new Browser().signIn(gateway);
    expect(answer.status).toBe(400);
    const lost = await gateway.call('/auth/callback?state=<b>', { headers: { accept: html } });
    const page = await lost.text();
    expect([lost.status, lost.headers.get('cache-control')]).toEqual([400, 'no-store']);
    expect(page).toContain('<a href="/auth/login">');
    expect(page).toContain('No sign-in is under way in this browser');
    expect(page).not.toMatch(/<script|<b>/);
  });
});
