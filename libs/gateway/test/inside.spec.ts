import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { aggregate } from '@facet/aggregation';
import { Controller, Get } from '@nestjs/common';
import { afterEach, expect, test } from '@jest/globals';
import { z } from 'zod';
import { Answers, Incoming, route, type GatewayRequest } from '../src/index.js';
import { startTestGateway } from './support/gateway.js';
import { shop, startShop } from './support/shop.js';

const routes = [
  route('GET /items/:id', shop.item, { access: 'public', input: { id: 'path' } }),
  route('POST /notes/:by', shop.note, {
    access: 'public',
    input: { idempotencyKey: 'header:idempotency-key', text: 'body', by: 'path', tags: 'body' },
  }),
];

const page = aggregate('spec.page', { input: z.strictObject({ id: z.string() }) })
  .required('item', shop.item, { input: ({ input: { id } }) => ({ id }) })
  .required('whole', shop.item, { input: ({ input: { id } }) => ({ id }), opaque: true })
  .shape(({ item, whole }) => ({ item, whole }));

@Controller()
class PageController {
  @Get('pages/:id')
  @Answers(page, { access: 'public', answer: z.looseObject({}) })
  page(@Incoming() request: GatewayRequest) {
    return request.answer(page);
  }
}

const running: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const each of running.splice(0).reverse()) await each.stop();
});

/** Stands between a gateway and its service, and keeps every byte that goes in. */
async function startTap(address: string) {
  let written = '';
  const server = createServer((near) => {
    const far = connect(Number(address.split(':')[1]), '127.0.0.1');
    near.on('data', (bytes) => (written += bytes.toString('latin1'))).pipe(far);
    far.pipe(near);
    for (const each of [near, far]) each.on('error', () => undefined);
    near.once('close', () => far.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { address: `127.0.0.1:${port}`, written: () => written, stop: () => server.close() };
}

async function start(handlers: Parameters<typeof startShop>[0]) {
  const service = await startShop(handlers);
  const tap = await startTap(service.address);
  const controllers = [PageController];
  const gateway = await startTestGateway({ controllers, routes, shop: tap.address });
  running.push(service, tap, gateway);
  return { gateway, tap };
}

test('I3 I1 no cookie and no other header of a request ever reaches a service', async () => {
  const { gateway, tap } = await start({});
  const headers = {
    cookie: '__Host-facet-session=canary-cookie',
    'x-user-id': 'canary-user',
    'x-forwarded-for': 'canary-address',
    forwarded: 'for=canary-forwarded',
    baggage: 'who=canary-baggage',
    tracestate: 'vendor=canary-state',
    'user-agent': 'canary-agent',
    'idempotency-key': 'a-key-of-a-spec',
  };
  expect((await gateway.http.get('/items/a', { headers })).status).toBe(200);
  expect((await gateway.http.get('/pages/a', { headers })).status).toBe(200);
  expect((await gateway.http.post('/notes/ann', { text: 'seen' }, { headers })).status).toBe(200);
  expect(tap.written()).toContain('a-key-of-a-spec');
  expect(tap.written()).not.toContain('canary');
});

test.each(['/items/a', '/pages/a'])(
  'Z4 a field that the contract does not name never leaves the gateway: %s',
  async (path) => {
    const talkative = ({ id }: { id: string }) => ({
      id,
      name: 'a name',
      passwordHash: 'canary-field',
      owner: { mail: 'canary-inside' },
    });
    const { gateway } = await start({ item: talkative });
    const { status, data } = await gateway.http.get<unknown>(path);
    expect([status, JSON.stringify(data)]).toEqual([200, expect.stringContaining('a name')]);
    expect(JSON.stringify(data)).not.toContain('canary');
  },
);

test.each(['/items/a', '/pages/a'])(
  'N3 a prototype that a service sends is never passed on: %s',
  async (path) => {
    const poisoned = ({ id }: { id: string }) =>
      JSON.parse(
        `{"id":"${id}","name":"a name","__proto__":{"admin":true},"constructor":{"prototype":{}}}`,
      ) as object;
    const { gateway } = await start({ item: poisoned });
    const answer = await gateway.http.get<string>(path, { transformResponse: (text: string) => text });
    expect([answer.status, answer.data]).toEqual([200, expect.stringContaining('a name')]);
    expect(answer.data).not.toMatch(/__proto__|constructor|prototype/);
  },
);

test.each(['/items/a', '/pages/a'])(
  'E2 an answer that is not what the contract says is a 502, nothing of it is shown, and the log names the field: %s',
  async (path) => {
    const bad = () => ({ id: 'a', name: { canary: 'canary-text' } });
    const { gateway } = await start({ item: bad });
    const { status, data } = await gateway.http.get<unknown>(path);
    expect({ status, data }).toMatchObject({
      status: 502,
      data: { code: 'upstream.bad-reply', service: 'shop' },
    });
    expect(JSON.stringify(data)).not.toContain('canary');
    expect(gateway.log()).toMatch(/"cause":"shop\.item answered [^"]*: name: invalid_type"/);
    expect(gateway.log()).not.toContain('canary');
  },
);

test.each(['/items/a', '/pages/a'])(
  'E2 null, nothing, a list and a deep value for an answer are each a 502: %s',
  async (path) => {
    const deep = JSON.parse(`${'['.repeat(1_000)}${']'.repeat(1_000)}`) as unknown;
    let answer: unknown;
    const { gateway } = await start({ item: () => answer });
    for (answer of [null, undefined, [], deep, { id: 'a', name: deep }]) {
      const { status, data } = await gateway.http.get<unknown>(path);
      expect({ status, data }).toMatchObject({ status: 502, data: { code: 'upstream.bad-reply' } });
    }
  },
);

test.each(['/items/a', '/pages/a'])(
  'E2 what a service says of its own failure is in the log and not in the answer: %s',
  async (path) => {
    const failing = () => {
      throw Object.assign(new Error(), {
        toWire: () => ({ statusCode: 500, message: 'the shelf is on fire' }),
      });
    };
    const { gateway } = await start({ item: failing });
    const { status, data } = await gateway.http.get<unknown>(path);
    expect({ status, data }).toMatchObject({
      status: path === '/items/a' ? 502 : 503,
      data: { code: 'upstream.error' },
    });
    expect(JSON.stringify(data)).not.toContain('fire');
    expect(gateway.log()).toContain('"cause":"the shelf is on fire"');
  },
);
