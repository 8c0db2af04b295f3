import { once } from 'node:events';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import type { Channel } from '../src/index.js';

import { channelTo, closing, running } from './support/closing.js';
import { servers, type RunningServer } from './support/ends.js';
import { answerAsStock, rawClient, rawServer, stockServer, until } from './support/sockets.js';

const nested = (open: string, close: string, depth: number): string =>
  open.repeat(depth) + '1' + close.repeat(depth);

/** JSON that is odd wherever it stands: deep, shaped like a cycle or like an object's insides, huge, or of another kind. */
const ODD: Readonly<Record<string, string>> = {
  'a deep list': nested('[', ']', 6_000),
  'a very deep list': nested('[', ']', 300_000),
  'a deep object': nested('{"a":', '}', 6_000),
  'a deep object of lists': nested('{"response":[', ']}', 20_000),
  'a cycle, as it seems': '{"$ref":"#","a":{"$ref":"#/a"},"self":{"self":{"self":{}}}}',
  'another prototype': '{"__proto__":{"toJSON":1,"then":1},"constructor":{"prototype":{}}}',
  'the insides of a promise': '{"then":1,"subscribe":2,"toWire":3,"getError":4,"toJSON":5}',
  'the insides of a list': '{"length":4294967295,"0":1}',
  'a huge text': JSON.stringify('x'.repeat(300_000)),
  'a text of halves': '"\\ud800\\udc00\\ud800\\u0000"',
  'a huge list': `[${'0,'.repeat(100_000)}0]`,
  'a huge number': '1e999',
  'a number below zero': '-1e999',
  'a fraction': '0.1',
  zero: '-0',
  null: 'null',
  true: 'true',
  false: 'false',
  'an empty text': '""',
  'an empty list': '[]',
  'an empty object': '{}',
};
const KINDS = Object.keys(ODD);

const frame = (json: string): string => `${json.length}#${json}`;

interface Oddity {
  readonly name: string;
  readonly kind: string;
  readonly order: readonly string[];
  readonly twice: boolean;
}

/** One of some keys with something odd, among the others in any order, also twice. */
function oddity(keys: object): fc.Arbitrary<Oddity> {
  const names = Object.keys(keys);
  return fc.record({
    name: fc.constantFrom(...names),
    kind: fc.constantFrom(...KINDS),
    order: fc.shuffledSubarray(names, { minLength: names.length }),
    twice: fc.boolean(),
  });
}

function jsonOf(keys: Readonly<Record<string, string>>, { name, kind, order, twice }: Oddity): string {
  const field = (key: string) => `${JSON.stringify(key)}:${key === name ? ODD[kind] : keys[key]}`;
  return `{${[...order, ...(twice ? [name] : [])].map(field).join()}}`;
}

const RUNS = { numRuns: 150, endOnFailure: true };

describe('a server', () => {
  let server: RunningServer;
  let bystander: Channel;

  beforeAll(async () => {
    server = await servers.ours();
  });
  afterAll(() => server.close());

  /** Sends frames on a connection of its own; then it is closed, or it answers, and so does everybody else's. */
  async function livesThrough(json: string): Promise<void> {
    bystander = await channelTo(server.port);
    const socket = closing(await rawClient(server.port), (each) => each.destroy());
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const answered = new Promise<void>((resolve) => {
      let received = '';
      socket.setEncoding('utf8').on('data', (part: string) => {
        received += part;
        if (received.includes('"the last"')) resolve();
      });
    });
    socket.write(frame(json) + frame('{"pattern":"echo","data":"the last","id":"z"}'));
    await Promise.race([closed, answered]);
    socket.destroy();
    expect(await bystander.call({ pattern: 'echo', data: 'well' })).toBe('well');
    bystander.destroy();
  }

  const request = {
    pattern: '"echo"',
    data: '{"a":1}',
    id: '7',
    metadata: '{"a":"b"}',
    facet: '{"timeLeft":1000}',
  };
  const context = {
    timeLeft: '1000',
    caller: '"c"',
    trace: '"t"',
    priority: '"high"',
    fields: '["a"]',
    list: '"a"',
    first: '1',
  };

  test('lives through anything in any key of a request', async () => {
    await fc.assert(
      fc.asyncProperty(oddity(request), (odd) => livesThrough(jsonOf(request, odd))),
      RUNS,
    );
  });

  test('lives through anything in what comes along with a request', async () => {
    const along = (odd: Oddity) => `{"pattern":"echo","id":7,"facet":${jsonOf(context, odd)},"data":1}`;
    await fc.assert(
      fc.asyncProperty(oddity(context), (odd) => livesThrough(along(odd))),
      RUNS,
    );
  });

  test.each(KINDS)('lives through a handshake and a cancellation with %s', async (kind) => {
    const value = ODD[kind] as string;
    await livesThrough(`{"pattern":"facet:hello","data":${value},"id":${value}}`);
    await livesThrough(`{"pattern":"facet:hello","data":{"maxFrameBytes":${value}},"id":1}`);
    await livesThrough(`{"pattern":"facet:cancel","data":${value}}`);
    await livesThrough(value);
  });

  test('closes the connection over which an id comes that holds other values, and no other', async () => {
    const socket = await rawClient(server.port);
    socket.write(frame(`{"pattern":"catalog.product","data":{},"id":${ODD['a deep list']}}`));
    await once(socket, 'close');
    expect(await (await channelTo(server.port)).call({ pattern: 'echo', data: 1 })).toBe(1);
  });
});

describe('a client', () => {
  /** A server that says `json` (its own id for `ID`) to the first request that is no handshake, and then answers as it should. */
  async function answering(json: string, hello?: string): Promise<Channel> {
    const { port } = await running(
      rawServer((socket) =>
        answerAsStock(socket, ({ id }) => {
          if (id === 1) {
            if (hello !== undefined) socket.write(frame(`{"response":${hello},"isDisposed":true,"id":1}`));
            return hello === undefined;
          }
          socket.write(frame(json.replaceAll('ID', String(id))));
          socket.write(frame(`{"response":"well","isDisposed":true,"id":${String(id)}}`));
          return false;
        }),
      ),
    );
    return channelTo(port);
  }

  /** Every call ends at once, and what follows is answered or told that the connection is closed. */
  async function livesThrough(json: string, hello?: string): Promise<void> {
    const channel = await answering(json, hello);
    const call = { pattern: 'echo', data: 1 };
    const ends = [channel.call(call), channel.forward(call)].map((end) =>
      end.then(
        () => 'answered',
        (error: { code?: string }) => error.code ?? 'remote',
      ),
    );
    for (const end of await Promise.all(ends)) {
      expect(end).toMatch(/^answered$|^remote$|^transport\.(corrupt-frame|frame-too-large|closed)$/);
    }
    channel.destroy();
  }

  const reply = { response: '{"a":1}', isDisposed: 'true', id: 'ID', err: 'null', status: '"ok"' };

  test.each([
    ['of a stock service', undefined],
    ['of a service that says that it checks', '{"facet":1,"can":["checked","fields","cancel","deadline"]}'],
  ])('lives through anything in any key of a reply %s', async (_, hello) => {
    await fc.assert(
      fc.asyncProperty(oddity(reply), (odd) => livesThrough(jsonOf(reply, odd), hello)),
      RUNS,
    );
  });

  test.each(KINDS)('connects, or does not, to a server that shows %s in the handshake', async (kind) => {
    const value = ODD[kind] as string;
    for (const hello of [value, `{"facet":1,"can":${value},"info":${value},"maxFrameBytes":${value}}`]) {
      await answering('{"response":1,"isDisposed":true,"id":ID}', hello).catch((error: unknown) =>
        expect(error).toMatchObject({ code: expect.stringMatching(/^transport\./) }),
      );
    }
  });

  test.each(['[]', 'null', '5', '"text"', 'true', '[{"id":2}]', '{"response":1,"id":[2]}', '{"id":{}}'])(
    'closes at once on the frame %s, and says that it is corrupt',
    async (json) => {
      const channel = await answering(json);
      const corrupt = { code: 'transport.corrupt-frame', written: true };
      await expect(channel.call({ pattern: 'echo', data: 1 })).rejects.toMatchObject(corrupt);
      expect(channel.state).toBe('closed');
    },
  );

  test.each([
    ['keys in another order', '{"id":ID,"isDisposed":true,"response":VALUE}'],
    ['a key twice', '{"response":1,"id":ID,"response":VALUE,"isDisposed":true}'],
    ['an escaped key and spaces', '{ "id" : ID , "r\\u0065sponse" : VALUE , "isDisposed":true }'],
  ])('passes on the JSON of a reply with %s as it came, however deep', async (_, json) => {
    for (const value of [ODD['a very deep list'], '{"a":"},]\\"","b":[1,{"response":2}]}', '"x\\\\"']) {
      const channel = await answering(json.replace('VALUE', () => value as string));
      expect((await channel.forward({ pattern: 'echo', data: 1 })).trim()).toBe(value);
    }
  });
});

test('one of the calls that end with a connection is told that it may be at fault, the others that they are not', async () => {
  const { port } = await running(
    rawServer((socket) =>
      answerAsStock(socket, ({ id }) => {
        if (id === 5) socket.write('2#[]');
        return id === 1;
      }),
    ),
  );
  const channel = await channelTo(port);
  const calls = Array.from({ length: 4 }, (_, data) => channel.call({ pattern: 'echo', data }));
  const errors = (await Promise.allSettled(calls)).map(
    (each) => (each as PromiseRejectedResult).reason as unknown,
  );
  expect(errors).toMatchObject(
    [false, true, true, true].map((collateral) => ({ code: 'transport.corrupt-frame', collateral })),
  );
});

describe('an answer over the limit', () => {
  const LIMIT = { maxFrameBytes: 2_000 };
  const large = (ascii: boolean): string => (ascii ? 'y' : '€😀').repeat(200_000);

  test.each([
    ['of ASCII', true],
    ['of other text', false],
  ])('%s fails its own call, and no other on its connection', async (_, ascii) => {
    const { port } = await running(
      stockServer({
        large: () => Promise.resolve(large(ascii)),
        echo: (data: unknown) => Promise.resolve(data),
      }),
    );
    const channel = await channelTo(port, LIMIT);
    const before = Array.from({ length: 10 }, (_, data) => channel.call({ pattern: 'echo', data }));
    const failing = channel.call({ pattern: 'large', data: 1 });
    const after = Array.from({ length: 10 }, (_, data) => channel.call({ pattern: 'echo', data }));
    const refused = { code: 'transport.frame-too-large', written: true };
    await expect(failing).rejects.toMatchObject(refused);
    expect(await Promise.all([...before, ...after])).toEqual([...before.keys(), ...after.keys()]);
    expect(channel.state).toBe('ready');
  });

  test('is told from what a value inside it says of itself', async () => {
    const json = (id: unknown) =>
      `{"response":[${'0,'.repeat(5_000)}{"x":"\\",\\"id\\":99}","id":98}],"isDisposed":true,"id":${String(id)}}`;
    const { port } = await running(
      rawServer((socket) => answerAsStock(socket, ({ id }) => id === 1 || !socket.write(frame(json(id))))),
    );
    const channel = await channelTo(port, LIMIT);
    const refused = { code: 'transport.frame-too-large' };
    await expect(channel.call({ pattern: 'large', data: 1 })).rejects.toMatchObject(refused);
    expect(channel.state).toBe('ready');
  });

  test.each([
    ['tells nobody whose it is', '{"isDisposed":true,"id":ID,"response":VALUE}', 'transport.frame-too-large'],
    ['is announced as larger than any frame', undefined, 'transport.corrupt-frame'],
  ])('ends the connection where it %s', async (_, json, code) => {
    const { port } = await running(
      rawServer((socket) =>
        answerAsStock(socket, ({ id }) => {
          if (id === 1) return true;
          const value = JSON.stringify(large(true));
          const reply = json?.replace('ID', String(id)).replace('VALUE', value);
          socket.write(reply === undefined ? '999999999#{"response":"' : frame(reply));
          return false;
        }),
      ),
    );
    const channel = await channelTo(port, LIMIT);
    await expect(channel.call({ pattern: 'large', data: 1 })).rejects.toMatchObject({ code });
    await until(() => channel.state === 'closed');
  });
});
