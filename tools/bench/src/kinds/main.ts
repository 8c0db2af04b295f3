import { Agent, get } from 'node:http';
import { selectionOf, query, service } from '@facet/contracts';
import { createUpstreams, staticList } from '@facet/routing';
import axios from 'axios';
import { z } from 'zod';
import { Worker } from '../worker.js';

/**
 * What a call costs the gateway over each kind of upstream: `npm run bench:kinds`. Microseconds of this process's CPU for a
 * call, 16 at a time, of an answer of about 600 B. Turns are rotated; medians of rounds.
 */
const ROUNDS = 9;
const CALLS = 2_000;
const AT_ONCE = 16;

const items = service('items', {
  list: query({
    summary: 'Some items',
    http: { method: 'GET', path: '/items' },
    input: z.strictObject({}),
    output: z.object({ items: z.array(z.object({ id: z.string(), title: z.string(), cents: z.int() })) }),
  }),
});

const worker = await Worker.start('service', './kinds/service.ts');
const addresses = await worker.ask<{ tcp: string; http: string }>('addresses');
const tcp = createUpstreams({ items: { discovery: staticList(addresses.tcp) } });
const http = createUpstreams({ items: { kind: 'http', discovery: staticList(addresses.http) } });
const selection = selectionOf(items.list, {});
const through = (upstreams: typeof tcp) => () =>
  new Promise<unknown>((resolve, reject) => {
    const deadline = performance.now() + 5_000;
    upstreams.dispatch({})({ selection, input: {}, deadline }, { arrived: resolve, missed: reject });
  });

const url = `http://${addresses.http}/items`;
const agent = new Agent({ keepAlive: true });
const client = axios.create({ httpAgent: agent });
const plain = () =>
  new Promise<unknown>((resolve, reject) => {
    get(url, { agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
    }).on('error', reject);
  });

const ways: Record<string, () => Promise<unknown>> = {
  'routing, tcp (stock)': through(tcp),
  'routing, http': through(http),
  'axios alone': () => client.get(url),
  'node:http alone': plain,
};

async function costOf(way: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  const lane = async () => {
    for (let n = 0; n < CALLS / AT_ONCE; n++) await way();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / CALLS;
}

const names = Object.keys(ways);
const costs = new Map(names.map((name) => [name, [] as number[]]));
for (let round = -1; round < ROUNDS; round++) {
  for (const [at] of names.entries()) {
    const name = names[(at + round + names.length) % names.length] as string;
    const cost = await costOf(ways[name] as () => Promise<unknown>);
    // The first round warms up.
    if (round >= 0) costs.get(name)?.push(cost);
  }
}
const median = (name: string) => costs.get(name)?.sort((a, b) => a - b)[ROUNDS >> 1] ?? 0;
const base = median('routing, tcp (stock)');
for (const name of names) {
  const cost = median(name);
  process.stdout.write(`${name.padEnd(24)}${cost.toFixed(1).padStart(8)} µs  ${(cost / base).toFixed(1)}×\n`);
}
await Promise.all([tcp.close(), http.close()]);
agent.destroy();
await worker.stop();
