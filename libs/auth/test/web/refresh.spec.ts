import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '@facet/testing';
import { Browser, csrf, startGateway, type Gateway } from './gateway.js';
import { startWebIssuer, type WebIssuer } from './issuer.js';
import { hasRedis, startRedis } from '@facet/testing';

const HOUR = 3_600_000;
let now = Date.now();
let issuer: WebIssuer;

const refreshes = () => issuer.seen.grants.filter((grant) => grant === 'refresh_token').length;
const statuses = async (browser: Browser, gateways: readonly Gateway[], count: number) => {
  const answers = Array.from({ length: count }, async (_, index) => {
    const cookie = `__Host-facet-session=${browser.session}`;
    const gateway = gateways[index % gateways.length]!;
    return (await gateway.call('/v1/mine', { headers: { ...csrf, cookie } })).status;
  });
  return [...new Set(await Promise.all(answers))];
};

beforeAll(async () => {
  issuer = await startWebIssuer();
});

afterEach(() => {
  issuer.tricks.failing = false;
  delete issuer.tricks.idToken;
});

afterAll(() => issuer.stop());

describe('refreshing a session in one instance', () => {
  let gateway: Gateway;

  beforeAll(async () => {
    gateway = await startGateway(issuer.url, { now: () => now, idleMs: 24 * HOUR, absoluteMs: 48 * HOUR });
  });
  afterAll(() => gateway.stop());

  test('W14 parallel requests make one call for tokens, and the next round one more', async () => {
    const browser = new Browser();
    await browser.signIn(gateway);
    for (const round of [1, 2, 3]) {
      now += HOUR;
      const before = refreshes();
      expect([round, await statuses(browser, [gateway], 100)]).toEqual([round, [200]]);
      expect(refreshes() - before).toBe(1);
    }
  });

  test('what the issuer says anew of the user holds from then on', async () => {
    const browser = new Browser();
    await browser.signIn(gateway);
    issuer.tricks.idToken = { roles: ['customer', 'support'] };
    now += HOUR;
    const answer = await browser.visit(gateway, '/v1/mine', { headers: csrf });
    expect(await answer.json()).toMatchObject({ roles: ['customer', 'support'] });
  });

  test('W14 an issuer that is out of order ends no session, and is asked again only after a while', async () => {
    const browser = new Browser();
    await browser.signIn(gateway);
    now += HOUR;
    issuer.tricks.failing = true;
    const before = refreshes();
    expect(await statuses(browser, [gateway], 30)).toEqual([200]);
    expect(await statuses(browser, [gateway], 30)).toEqual([200]);
    expect(refreshes() - before).toBe(1);
    issuer.tricks.failing = false;
    now += 6_000;
    expect(await statuses(browser, [gateway], 1)).toEqual([200]);
    expect(refreshes() - before).toBe(2);
  });

  test('W14 an issuer that refuses the refresh token ends the session, for all requests', async () => {
    const browser = new Browser();
    await browser.signIn(gateway);
    await fetch(`${issuer.url}/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ token: issuer.seen.secrets.findLast((it) => it.startsWith('refresh-'))! }),
    });
    now += HOUR;
    expect(await statuses(browser, [gateway], 20)).toEqual([401]);
    expect(gateway.events.at(-1)).toMatchObject({ type: 'session.ended', code: 'invalid_grant' });
  });

  test('W14 a refresh that names another user ends the session', async () => {
    const browser = new Browser();
    await browser.signIn(gateway);
    issuer.tricks.idToken = { sub: 'somebody-else' };
    now += HOUR;
    expect(await statuses(browser, [gateway], 1)).toEqual([401]);
  });
});

const withRedis = hasRedis ? describe : describe.skip;
withRedis(`sessions in Redis${hasRedis ? '' : ' (skipped: no redis-server)'}`, () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let gateways: Gateway[];

  beforeAll(async () => {
    redis = await startRedis();
    const options = { redisUrl: redis.url, now: () => now, idleMs: 24 * HOUR, absoluteMs: 48 * HOUR };
    gateways = await Promise.all([1, 2, 3].map(() => startGateway(issuer.url, options)));
  });

  afterAll(async () => {
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    await redis.stop();
  });

  test('W14 100 parallel requests over 3 instances make one call for tokens and no error', async () => {
    const browser = new Browser();
    await browser.signIn(gateways[0]!);
    for (const round of [1, 2, 3]) {
      now += HOUR;
      const before = refreshes();
      expect([round, await statuses(browser, gateways, 100)]).toEqual([round, [200]]);
      expect(refreshes() - before).toBe(1);
    }
  });

  test('a sign-in may begin at one instance and end at another', async () => {
    const browser = new Browser();
    const callback = await browser.callbackOf(gateways[0]!);
    expect((await browser.visit(gateways[1]!, callback)).status).toBe(303);
    expect(await statuses(browser, gateways, 3)).toEqual([200]);
  });

  test('W2 a callback that was used at one instance is refused by all', async () => {
    const browser = new Browser();
    const callback = await browser.callbackOf(gateways[0]!);
    const cookie = browser.loginCookies;
    const answers = gateways.map((gateway) => gateway.call(callback, { headers: { cookie } }));
    expect((await Promise.all(answers)).map(({ status }) => status).sort()).toEqual([303, 400, 400]);
  });

  test('W10 a cookie that was signed out at one instance is dead at every other', async () => {
    const browser = new Browser();
    await browser.signIn(gateways[0]!);
    const { session } = browser;
    await browser.visit(gateways[1]!, '/auth/logout', { method: 'POST', headers: csrf });
    browser.cookies.set('__Host-facet-session', session);
    expect(await statuses(browser, gateways, 3)).toEqual([401]);
  });

  test('W10 a session that ends during a refresh stays ended, and what the refresh brought is revoked', async () => {
    const browser = new Browser();
    await browser.signIn(gateways[0]!);
    now += HOUR;
    const held = Promise.withResolvers<void>();
    issuer.tricks.hold = held.promise;
    const before = refreshes();
    const calls = statuses(browser, gateways, 9);
    await eventually(() => refreshes() > before);
    const body = new URLSearchParams({ logout_token: await issuer.logoutToken() });
    const told = await gateways[1]!.call('/auth/backchannel-logout', { method: 'POST', body });
    expect(told.status).toBe(200);
    held.resolve();
    delete issuer.tricks.hold;
    expect(await calls).toEqual([401]);
    expect(await statuses(browser, gateways, 3)).toEqual([401]);
    const brought = issuer.seen.secrets.findLast((it) => it.startsWith('refresh-'));
    await eventually(() => issuer.seen.revoked.includes(brought!));
  });

  test('W11 the back channel reaches a session whichever instance is told, and a replay is refused by all', async () => {
    const browser = new Browser();
    await browser.signIn(gateways[0]!);
    const body = new URLSearchParams({ logout_token: await issuer.logoutToken() });
    const tell = (gateway: Gateway) => gateway.call('/auth/backchannel-logout', { method: 'POST', body });
    expect((await tell(gateways[1]!)).status).toBe(200);
    expect(await statuses(browser, gateways, 3)).toEqual([401]);
    expect((await tell(gateways[2]!)).status).toBe(400);
  });

  test('a look into the store gives nobody a cookie, and an access token is not there', async () => {
    const { Redis } = await import('ioredis');
    const browser = new Browser();
    await browser.signIn(gateways[0]!);
    const client = new Redis(redis.url);
    const keys = await client.keys('*');
    const hashes = await Promise.all(
      keys.map(async (key) => ((await client.type(key)) === 'hash' ? client.hgetall(key) : {})),
    );
    client.disconnect();
    const dump = JSON.stringify([keys, hashes]);
    expect(dump).toContain(issuer.subject);
    expect(dump).not.toContain(browser.session);
    for (const token of issuer.seen.secrets.filter((it) => it.startsWith('access-'))) {
      expect(dump).not.toContain(token);
    }
  });

  test('a session of one gateway is nothing at a gateway of another kind that has the same Redis', async () => {
    const browser = new Browser();
    await browser.signIn(gateways[0]!);
    const other = await startGateway(issuer.url, { redisUrl: redis.url, clientId: 'kiosk-bff' });
    const refused = await statuses(browser, [other], 1).finally(() => other.stop());
    expect(refused).toEqual([401]);
    expect(await statuses(browser, gateways, 3)).toEqual([200]);
  });

  test('without Redis nobody is let in and nobody is signed out: 503, and all is well when it is back', async () => {
    const browser = new Browser();
    await browser.signIn(gateways[0]!);
    await redis.stop();
    expect(await statuses(browser, gateways, 9)).toEqual([503]);
    expect((await browser.visit(gateways[0]!, '/auth/login')).status).toBe(503);
    await redis.restart();
    await eventually(async () => (await browser.signIn(gateways[0]!)).status === 303);
    await eventually(async () => JSON.stringify(await statuses(browser, gateways, 3)) === '[200]');
  });
});
