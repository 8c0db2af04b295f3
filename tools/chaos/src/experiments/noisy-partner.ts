import { setTimeout as sleep } from 'node:timers/promises';
import { startIssuer, startWorld, type Issuer } from '@facet/testing';
import { experiment, type Cleanup } from '../experiment.js';
import { failed, Load, quantile, tally, type Reply } from '../load.js';

/** Fewer leave too few answers in the last hundredth to compare. */
const ROUNDS = 8;
const ROUND_MS = 4_000;
/** By then the burst that its quota allows is spent. */
const SPENT_MS = 1_500;
const MOVED = 1.2;
const OTHERS = 6;
/** Ten times what `standard` lets through: 200 in 10 s. */
const NOISY = { lanes: 10, pauseMs: 48 };
/** Within `bulk` for each, and far from what the gateway can do: waiting for one another is not what is measured. */
const OTHER = { lanes: 1, pauseMs: 60 };

export const noisyPartner = experiment(
  {
    name: 'noisy-partner',
    promise: "a partner asks ten times its quota: the others' p99 moves by at most 1.2×",
  },
  async (cleanup) => {
    const issuer = cleanup.add(await startIssuer());
    const env = { 'partner-bff': { ISSUER_URL: issuer.url, ANSWER_CACHE: 'false' } };
    const world = cleanup.add(
      await startWorld({ services: ['accounts', 'inventory'], gateways: ['partner-bff'], env }),
    );
    const url = `${world.url('partner-bff')}/v1/stock?ids=prd_0001`;
    const others = await Promise.all(
      Array.from({ length: OTHERS }, (_, index) => partner(issuer, `other-${index}`, 'bulk')),
    );
    const loud = await partner(issuer, 'noisy', 'standard');
    return compare(cleanup, { url, others, loud });
  },
);

interface Site {
  readonly url: string;
  readonly others: readonly Headers[];
  readonly loud: Headers;
}

type Headers = Readonly<Record<string, string>>;

/** Calm and noisy in turn, so that whatever else the machine does falls on both. */
async function compare(cleanup: Cleanup, { url, others, loud }: Site) {
  const loads = others.map((headers) => cleanup.add(new Load([url], { ...OTHER, headers })));
  const since = (marks: readonly number[]) => loads.flatMap((load, index) => load.since(marks[index] ?? 0));
  const marksNow = () => loads.map(({ replies }) => replies.length);
  await sleep(ROUND_MS);
  const calm: Reply[] = [];
  const noisy: Reply[] = [];
  const noise: Reply[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    let marks = marksNow();
    await sleep(ROUND_MS);
    calm.push(...since(marks));
    const load = cleanup.add(new Load([url], { ...NOISY, headers: loud }));
    await sleep(SPENT_MS);
    marks = marksNow();
    await sleep(ROUND_MS);
    noisy.push(...since(marks));
    await load.stop();
    noise.push(...load.replies);
  }
  const [before, after] = [quantile(calm, 0.99), quantile(noisy, 0.99)];
  const moved = after / before;
  return {
    seen: `others' p99 ${before.toFixed(1)} ms, then ${after.toFixed(1)} ms (${moved.toFixed(2)}×) of ${noisy.length}; the noisy one ${tally(noise)}`,
    held: moved <= MOVED && failed([...calm, ...noisy]).length === 0,
  };
}

async function partner(issuer: Issuer, client: string, plan: string): Promise<Headers> {
  const claims = { sub: client, client_id: client, scope: 'inventory:read', plan };
  return { authorization: `Bearer ${await issuer.token('urn:facet:partner-bff', { claims })}` };
}
