import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@facet/testing';
import { route } from '../src/index.js';
import { rawExchange, startTestGateway, type TestGateway } from './support/gateway.js';
import { shop, startShop, type RunningShop } from './support/shop.js';

const routes = [
  route('GET /items/:id', shop.item, { access: 'public', input: { id: 'path' } }),
  route('POST /notes/:by', shop.note, {
    access: 'public',
    input: { idempotencyKey: 'header:idempotency-key', text: 'body', by: 'path', tags: 'body' },
  }),
];

let service: RunningShop;
let gateway: TestGateway;
let before: number;

const held = Promise.withResolvers<undefined>();

beforeAll(async () => {
  service = await startShop({
    item: async ({ id }: { id: string }) => {
      if (id === 'held') await held.promise;
      return { id, name: `Item ${id}` };
    },
  });
  gateway = await startTestGateway({ routes, shop: service.address });
});
beforeEach(() => {
  before = service.requests.length;
});
afterAll(async () => {
  await gateway.stop();
  await service.stop();
});

const get = (id: string, more = '') => `GET /items/${id} HTTP/1.1\r\nHost: a\r\n${more}\r\n`;
const BODY = '{"text":"hi"}';
const post = (framing: string, body = BODY) =>
  `POST /notes/ann HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nIdempotency-Key: a-key-of-a-spec\r\n${framing}\r\n\r\n${body}`;

/** What would be a request of its own to an end that sees the message before it end elsewhere. */
const SMUGGLED = get('smuggled', 'Connection: close\r\n');

const statuses = (received: string) =>
  [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
const asked = () =>
  service.requests.slice(before).map(({ data }) => (data as { id?: string; text?: string }).id ?? 'note');

describe('N5 what is framed well', () => {
  test('is answered once each, in order, however many come in one piece', async () => {
    const ids = ['a', 'b', 'c', 'd'];
    const received = await rawExchange(
      gateway.url,
      ids.map((id) => get(id)).join('') + get('e', 'Connection: close\r\n'),
    );
    expect(statuses(received)).toEqual([200, 200, 200, 200, 200]);
    expect([...received.matchAll(/"name":"Item (\w)"/g)].map(([, id]) => id)).toEqual([...ids, 'e']);
  });

  test('is answered once where it comes byte by byte, a chunked body too', async () => {
    const chunks = '5\r\n{"tex\r\n8\r\nt":"hi"}\r\n0\r\n\r\n';
    const received = await rawExchange(
      gateway.url,
      ...post('Transfer-Encoding: chunked\r\nConnection: close', chunks),
    );
    expect(statuses(received)).toEqual([200]);
    expect(asked()).toEqual(['note']);
  });

  test('is followed by the next one, with and without a body', async () => {
    const received = await rawExchange(gateway.url, post(`Content-Length: ${BODY.length}`) + SMUGGLED);
    expect(statuses(received)).toEqual([200, 200]);
    expect(asked().sort()).toEqual(['note', 'smuggled']);
  });
});

test('N5 what is whole is answered though what follows it cannot be read, and then the connection ends', async () => {
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname).setEncoding('utf8');
  let received = '';
  socket.on('data', (text: string) => (received += text));
  const closed = once(socket, 'close');
  socket.write(get('first') + get('held'));
  await eventually(() => asked().includes('held'));
  socket.write('GARBAGE\r\n\r\n');
  await gateway.http.get('/items/other'); // sent later, so that what was sent before has been read
  held.resolve(undefined);
  await closed;
  expect(statuses(received)).toEqual([200, 200]);
  expect(received).toMatch(/connection: close[\s\S]*Item held/i);
});

describe('N5 what two ends could frame differently', () => {
  const chunked = `d\r\n${BODY}\r\n0\r\n\r\n`;

  test.each([
    ['a length and chunks', post(`Content-Length: ${BODY.length}\r\nTransfer-Encoding: chunked`, chunked)],
    ['chunks and a length', post(`Transfer-Encoding: chunked\r\nContent-Length: ${BODY.length}`, chunked)],
    ['two lengths', post(`Content-Length: ${BODY.length}\r\nContent-Length: 0`)],
    ['two lengths in one', post(`Content-Length: ${BODY.length}, 0`)],
    ['a length with a sign', post(`Content-Length: +${BODY.length}`)],
    ['a negative length', post('Content-Length: -1')],
    ['a length in hexadecimal', post('Content-Length: 0xd')],
    ['a length that is no number', post('Content-Length: many')],
    ['a length without end', post(`Content-Length: ${'9'.repeat(30)}`)],
    ['a space before the colon', post(`Content-Length : ${BODY.length}`)],
    ['another coding', post('Transfer-Encoding: xchunked', chunked)],
    ['a coding after chunks', post('Transfer-Encoding: chunked, identity', chunked)],
    ['chunks by another name', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: x', chunked)],
    ['a chunk that is longer than it says', post('Transfer-Encoding: chunked', `3\r\n${BODY}\r\n0\r\n\r\n`)],
    ['a chunk of a negative length', post('Transfer-Encoding: chunked', `-3\r\n${BODY}\r\n0\r\n\r\n`)],
    ['a chunk without end', post('Transfer-Encoding: chunked', `${'f'.repeat(20)}\r\n${BODY}\r\n0\r\n\r\n`)],
    ['a header over two lines', get('folded', `X-A: 1\r\n Content-Length: 5\r\n`)],
    ['a bare line feed in a header', get('fed', `X-A: 1\nContent-Length: 5\r\n`)],
    ['a bare carriage return in a header', get('returned', `X-A: 1\rContent-Length: 5\r\n`)],
    ['a null in a header', get('null', 'X-A: \0\r\n')],
  ])('%s: one answer, a 400, and nothing of what follows is read', async (_, message) => {
    const received = await rawExchange(gateway.url, message + SMUGGLED);
    expect(statuses(received)).toEqual([400]);
    expect(received.toLowerCase()).toContain('application/problem+json');
    expect(asked()).toEqual([]);
  });
});
