import type { ServerTimes } from '@facet/contracts';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Channel, WireServer, type HandledRequest, type WireServerOptions } from '../src/index.js';
import { readTimes } from '../src/server-times.js';

const open: { drain(): Promise<void> }[] = [];
const servers: WireServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.drain()));
  await Promise.all(servers.splice(0).map((each) => each.close()));
});

async function start(options: WireServerOptions = {}) {
  const server = new WireServer(options).onRequest(({ data, times }) => {
    times?.ran('select $1', 3, 2);
    if (data === 'fail')
      throw Object.assign(new Error('no'), { toWire: () => ({ code: 'spec.no', status: 400 }) });
    return data;
  });
  const { port } = await server.listen();
  servers.push(server);
  const channel = new Channel({ host: '127.0.0.1', port });
  open.push(channel);
  await channel.connect();
  const ask = (data: unknown, times = true) =>
    new Promise<(ServerTimes | string)[]>((resolve) => {
      const seen: (ServerTimes | string)[] = [];
      const end = (what: string) => resolve([...seen, what]);
      channel.send(
        { pattern: 'a.b', data, times },
        { timed: (each) => seen.push(each), arrived: () => end('answer'), missed: () => end('error') },
      );
    });
  return { channel, ask };
}

describe("a server's times of a request", () => {
  const times = {
    queueMs: expect.any(Number),
    handlerMs: expect.any(Number),
    sql: [{ statement: 'select $1', startMs: expect.any(Number), ms: 3, rows: 2 }],
  };

  test('come before its answer or error where the client asks and the server says that it can', async () => {
    const { ask, channel } = await start({ abilities: ['times'] });
    expect(channel.peer?.times).toBe(true);
    expect(await Promise.all([ask(1), ask('fail'), ask(2, false)])).toEqual([
      [times, 'answer'],
      [times, 'error'],
      ['answer'],
    ]);
  });

  test('do not come from a server that does not say so', async () => {
    const { ask, channel } = await start();
    expect(channel.peer?.times).toBe(false);
    expect(await ask(1)).toEqual(['answer']);
  });

  test.each([
    [undefined],
    [null],
    ['text'],
    [{ of: '1', queue: 1, handler: 1, sql: [] }],
    [{ of: 1, queue: -1, handler: 1, sql: [] }],
    [{ of: 1, queue: 1, handler: null, sql: [] }],
    [{ of: 1, queue: 1, handler: 1, sql: 'select' }],
  ])('that have another shape, as %j, are none', (sent) => {
    expect(readTimes(sent)).toBeUndefined();
  });

  test('are bounded where they are read: statements, their length, and what is no statement', () => {
    const sql = [[1, 2, 3, 4], ['x'], ...Array.from({ length: 100 }, () => ['s'.repeat(5_000), 1, 2, 3])];
    const read = readTimes({ of: 1, queue: 1, handler: 1, sql });
    expect(read?.times.sql).toHaveLength(48);
    expect(read?.times.sql[0]?.statement).toHaveLength(1_000);
  });
});

test('a server tells of every request that is over, with its times and its code', async () => {
  const handled: HandledRequest[] = [];
  const { ask } = await start({ onHandled: (each) => handled.push(each) });
  await ask(1);
  await ask('fail');
  expect(handled.map(({ code }) => code)).toEqual(['ok', 'spec.no']);
  for (const { request, startedAt, endedAt } of handled) {
    expect(startedAt).toBeGreaterThanOrEqual(request.receivedAt);
    expect(endedAt).toBeGreaterThanOrEqual(startedAt);
  }
});
