import { setTimeout as sleep } from 'node:timers/promises';
import { startIssuer, startWorld } from '@facet/testing';
import { experiment } from '../experiment.js';
import { failed, Load, tally } from '../load.js';
import { OPEN } from '../sites.js';

export const issuerDown = experiment(
  { name: 'issuer-down', promise: 'the issuer is gone: tokens signed with keys that are known go on' },
  async (cleanup) => {
    const issuer = await startIssuer();
    let isUp = true;
    const stopIssuer = async () => {
      if (isUp) await issuer.stop();
      isUp = false;
    };
    cleanup.add({ stop: stopIssuer });
    const env = { 'mobile-bff': { ...OPEN, ISSUER_URL: issuer.url } };
    const world = cleanup.add(await startWorld({ services: ['orders'], gateways: ['mobile-bff'], env }));
    const claims = { customer_id: 'cus_0001', scope: 'orders:read' };
    const token = await issuer.token('urn:facet:mobile-bff', { claims });
    const headers = { authorization: `Bearer ${token}` };
    const load = cleanup.add(
      new Load([`${world.url('mobile-bff')}/v1/orders`], { lanes: 1, pauseMs: 150, headers }),
    );
    await sleep(2_000);
    const mark = load.replies.length;
    await stopIssuer();
    await sleep(4_000);
    const replies = load.since(mark);
    return { seen: tally(replies), held: replies.length > 0 && failed(replies).length === 0 };
  },
);
