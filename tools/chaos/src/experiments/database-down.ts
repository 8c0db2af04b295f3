import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, startTestDatabase, startWorld } from '@facet/testing';
import { experiment } from '../experiment.js';
import { ask, failed, Load, tally } from '../load.js';
import { startProxy } from '../proxy.js';
import { OPEN, screensOf, SHOP } from '../sites.js';

export const databaseDown = experiment(
  {
    name: 'database-down',
    promise:
      'the database is out of reach: kept answers or a 503 with its reason, no process ends, healed when it is back',
  },
  async (cleanup) => {
    const database = cleanup.add(await startTestDatabase());
    const at = new URL(database.url);
    const proxy = cleanup.add(await startProxy({ host: at.hostname, port: Number(at.port) }));
    at.port = String(proxy.port);
    const env = {
      '*': { DATABASE_URL: at.href, DATABASE_PREFIX: database.prefix },
      'mobile-bff': { ...OPEN, ANSWER_CACHE: 'true' },
    };
    const world = cleanup.add(await startWorld({ services: SHOP, gateways: ['mobile-bff'], env }));
    const product = `${world.url('mobile-bff')}/v1/products/prd_0001`;
    const load = cleanup.add(new Load([...screensOf(world), product], { lanes: 4, pauseMs: 5 }));
    await sleep(3_000);
    proxy.cut();
    const mark = load.replies.length;
    await sleep(4_000);
    const replies = load.since(mark);
    const lives = await Promise.all(
      [...SHOP, 'mobile-bff'].map((app) => ask(`${world.adminUrl(app)}/health/live`)),
    );
    proxy.mend();
    const at0 = performance.now();
    await eventually(
      async () => (await ask(`${world.url('mobile-bff')}/v1/products/prd_0002`)).status === 200,
    );
    const healedMs = Math.round(performance.now() - at0);
    const held =
      replies.length > 0 &&
      failed(replies).every(({ status }) => status === 503 || status === 504) &&
      lives.every(({ status }) => status === 200);
    return { seen: `${tally(replies)}; healed after ${healedMs} ms`, held };
  },
);
