import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { askedIds, routesOf } from './access-document.js';
import { outcomesOf } from './access-objects.js';
import { NOTHING, send, type AccessExpectations } from './access-walk.js';

const order = { type: 'string', 'x-entity': 'order', 'x-owner': 'customer' } as const;
const payment = { type: 'string', 'x-entity': 'payment', 'x-owner': 'customer' } as const;
const product = { type: 'string', 'x-entity': 'product', 'x-owner': 'nobody' } as const;

describe('the ids that a route asks for', () => {
  test('are found in its path, its query and its body, with what they are of', () => {
    const parameters = [
      { name: 'id', in: 'path', schema: order },
      { name: 'paymentIds', in: 'query', schema: { type: 'array', items: payment } as object },
      { name: 'page', in: 'query', schema: { type: 'integer' } },
    ];
    const line = { type: 'object', properties: { productId: product, parcelId: { type: 'string' } } };
    const schema = { type: 'object', properties: { lines: { type: 'array', items: line } } };
    const requestBody = { content: { 'application/json': { schema } } };
    const asked = askedIds('/v1/orders/{id}/lines/{number}', { security: [], parameters, requestBody });
    expect(asked).toEqual([
      { key: 'order', owner: 'customer', in: 'path', at: 'id' },
      { key: 'lines/{number}', in: 'path', at: 'number' },
      { key: 'payment', owner: 'customer', in: 'query', at: 'paymentIds[]' },
      { key: 'product', owner: 'nobody', in: 'body', at: 'lines[].productId' },
      { key: 'parcelId', in: 'body', at: 'lines[].parcelId' },
    ]);
  });

  test('are found in named models too, those that lead back to themselves once', () => {
    const node = {
      properties: {
        orderId: order,
        children: { type: 'array', items: { $ref: '#/components/schemas/Node' } },
      },
    };
    const requestBody = {
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Node' } } },
    };
    const [route] = routesOf({
      components: { schemas: { Node: node } },
      paths: { '/v1/nodes': { post: { security: [], requestBody } } },
    });
    expect(route?.ids).toEqual([{ key: 'order', owner: 'customer', in: 'body', at: 'orderId' }]);
  });
});

describe('a gateway whose route asks for two things of a customer', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.close();
  });

  const owners: Readonly<Record<string, string>> = { o1: 'ada', p1: 'ada', o2: 'grace', p2: 'grace' };
  const parameters = [
    { name: 'orderId', in: 'query', required: true, schema: order },
    { name: 'paymentId', in: 'query', required: true, schema: payment },
  ];
  const document = { paths: { '/v1/receipt': { get: { security: [{ user: [] }], parameters } } } };
  const [route] = routesOf(document);

  /** Answers with both; looks at whose they are as `checks` says. */
  async function start(checks: readonly string[]): Promise<AccessExpectations> {
    const listening = createServer((request, response) => {
      const { searchParams } = new URL(request.url ?? '', 'http://localhost');
      const ids = [...searchParams.values()];
      const isRefused = (name: string) => {
        const owner = owners[searchParams.get(name) ?? ''];
        return owner === undefined || (checks.includes(name) && owner !== request.headers['x-user']);
      };
      response.statusCode = ['orderId', 'paymentId'].some(isRefused) ? 404 : 200;
      response.end(JSON.stringify(response.statusCode === 200 ? { ids } : { code: 'not-found' }));
    }).listen(0, '127.0.0.1');
    server = listening;
    await new Promise((resolve) => listening.once('listening', resolve));
    return {
      url: () => `http://127.0.0.1:${(listening.address() as AddressInfo).port}`,
      ...{ publicRoutes: [], foreign: {} },
      users: [() => ({ 'x-user': 'ada' }), () => ({ 'x-user': 'grace' })],
      ids: { order: ['o1', () => 'o2'], payment: ['p1', () => Promise.resolve('p2')] },
    };
  }

  async function walk(expected: AccessExpectations) {
    if (route === undefined) throw new Error('no route');
    const asked = {
      ...{ all: () => [route], closed: () => [route] },
      askFor: (_: unknown, headers: Readonly<Record<string, string>>, sent: { path: string }) =>
        send(expected.url(), { method: 'GET', headers, ...sent }),
    };
    const ask = (other: (key: string) => string) => outcomesOf(expected, asked, { route, me: 0, other });
    return { nothing: await ask(() => NOTHING), theirs: await ask((key) => (key === 'order' ? 'o2' : 'p2')) };
  }

  test('is walked with the ids of one customer and, place by place, of the other', async () => {
    const { nothing, theirs } = await walk(await start(['orderId', 'paymentId']));
    expect(theirs.own).toEqual({ isAnswered: true, status: 200, body: '{"ids":["o1","p1"]}' });
    expect(theirs.others.map(({ place }) => place)).toEqual(['orderId', 'paymentId']);
    expect(theirs.others).toEqual(nothing.others);
  });

  test.each([
    ['orderId', ['paymentId']],
    ['paymentId', ['orderId']],
  ])('is found out where it does not look at whose "%s" is', async (leaking, checks) => {
    const { nothing, theirs } = await walk(await start(checks));
    const wrong = theirs.others.filter((each, at) => {
      return JSON.stringify(each) !== JSON.stringify(nothing.others[at]);
    });
    expect(wrong.map(({ place }) => place)).toEqual([leaking]);
  });
});
