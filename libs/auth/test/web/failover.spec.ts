import { eventually, hasRedisPair, startRedisPair } from '@facet/testing';
import { describe, expect, test } from '@jest/globals';
import { Browser, csrf, startGateway } from './gateway.js';
import { startWebIssuer } from './issuer.js';

if (!hasRedisPair)
  process.stderr.write(
    'Skipped: sign-in while Redis fails over. It needs redis-server, and Linux for a second loopback address.\n',
  );

(hasRedisPair ? describe : describe.skip)('where Redis fails over and its name moves', () => {
  test('sessions go on, and sign-in is back by itself; who signed out meanwhile stays signed out', async () => {
    const [issuer, pair] = await Promise.all([startWebIssuer(), startRedisPair()]);
    const gateway = await startGateway(issuer.url, { redisUrl: pair.url });
    const mine = async (browser: Browser) =>
      (await browser.visit(gateway, '/v1/mine', { headers: csrf })).status;
    try {
      const [stays, leaves] = [new Browser(), new Browser()];
      for (const browser of [stays, leaves]) expect((await browser.signIn(gateway)).status).toBe(303);
      const { session } = leaves;
      await eventually(async () => (await pair.next.keys('facet:session:web-bff:data:*')).length === 2);

      await pair.failOver('as a replica');
      await eventually(async () => (await new Browser().signIn(gateway)).status === 303);
      expect(await mine(stays)).toBe(200);
      await leaves.visit(gateway, '/auth/logout', { method: 'POST', headers: csrf });
      leaves.cookies.set('__Host-facet-session', session);
      expect(await mine(leaves)).toBe(401);
      expect(await pair.old.role()).toContain('slave');
    } finally {
      await gateway.stop();
      await Promise.all([issuer.stop(), pair.stop()]);
    }
  });
});
