import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Channel } from '@facet/transport';
import { answerParent, cpuMicros } from '../worker.js';
import { shown, type answers } from './contract.js';

type Rows = (typeof answers)['profile'];

const parts = ['bench.profile', 'bench.products', 'bench.offers', 'bench.news'];
const fields = ['items.id', 'items.title', 'items.price'];

const channel = new Channel({ host: '127.0.0.1', port: Number(process.argv[2]) });
await channel.connect();

/**
 * The three endpoints with nothing but Node's own HTTP server and our connection to the service: no framework, no
 * check, no deadline, no metric. What no gateway can be cheaper than.
 */
const endpoints: Readonly<Record<string, (id: string) => Promise<string>>> = {
  async cut(id) {
    const asked = parts.map((pattern) => channel.call({ pattern, data: { id }, fields }) as Promise<Rows>);
    const [profile, products, offers, news] = (await Promise.all(asked)).map(({ items }) => items);
    return JSON.stringify({
      profile: profile?.slice(0, shown.profile),
      products: products?.slice(0, shown.products),
      offers: offers?.slice(0, shown.offers),
      news: news?.slice(0, shown.news),
    });
  },
  async whole(id) {
    const asked = parts.map((pattern) => channel.forward({ pattern, data: { id } }));
    const [profile, products, offers, news] = await Promise.all(asked);
    return `{"profile":${profile},"products":${products},"offers":${offers},"news":${news}}`;
  },
  through: (id) => channel.forward({ pattern: 'bench.products', data: { id } }),
};

const server = createServer((request, response) => {
  const [, name = '', id = ''] = (request.url ?? '').split('/');
  endpoints[name]?.(id).then(
    (body) => send(response, body),
    () => response.destroy(),
  );
});

function send(response: ServerResponse, body: string): void {
  const length = Buffer.byteLength(body);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': length }).end(body);
}

// As long as Fastify's, so that no connection is closed between two turns.
server.keepAliveTimeout = 72_000;

await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;

answerParent({
  url: () => `http://127.0.0.1:${String(port)}`,
  cpu: cpuMicros,
  rss: () => process.memoryUsage.rss(),
});
