import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { describe, expect, jest, test } from '@jest/globals';
import { firstValueFrom, Observable } from 'rxjs';

import { Channel } from '../src/index.js';
import { FacetClient, FacetServer } from '../src/nest/index.js';
import { channelTo, closeAll, closing, running, stockClient } from './support/closing.js';
import { HOST } from './support/ends.js';
import {
  freezes,
  ourServer,
  rawClient,
  rawServer,
  stockServer as startStock,
  until,
  waitingOf,
} from './support/sockets.js';

const echo = (data: unknown): Promise<unknown> => Promise.resolve(data);

describe('fault 1: a blocked write stops reads, and both ends wait for each other', () => {
  const COUNT = 500;
  const text = 'x'.repeat(64 * 1024);
  const bounds = { maxPendingBytes: 64 * 2 ** 20, maxQueueBytes: 64 * 2 ** 20 };
  const servers = {
    stock: () => startStock({ echo }),
    ours: () => ourServer((request) => request.data),
  };

  /** Asks, and gives up when nothing was answered for `quietMs`. */
  async function askAll(
    ask: () => Promise<unknown>,
    quietMs = 20_000,
  ): Promise<{ answered: number; failed: number }> {
    const tally = { answered: 0, failed: 0 };
    for (let index = 0; index < COUNT; index++) {
      ask().then(
        (answer) => (tally.answered += answer === text ? 1 : 0),
        () => tally.failed++,
      );
    }
    const isDone = (): boolean => tally.answered + tally.failed === COUNT;
    const frozen = await freezes(() => tally.answered, isDone, quietMs);
    expect(tally.failed).toBe(0);
    expect(frozen).toBe(!isDone());
    return tally;
  }

  test('two stock ends freeze', async () => {
    const { port } = await running(servers.stock());
    const client = await stockClient(port);
    expect((await askAll(() => firstValueFrom(client.send('echo', text)), 1500)).answered).toBeLessThan(
      COUNT,
    );
  });

  test('a stock client and our server finish', async () => {
    const { port } = await running(servers.ours());
    const client = await stockClient(port);
    expect((await askAll(() => firstValueFrom(client.send('echo', text)))).answered).toBe(COUNT);
  });

  test.each(['stock', 'ours'] as const)('our client and a %s server finish', async (kind) => {
    const { port } = await running(servers[kind]());
    const channel = await channelTo(port, bounds);
    expect((await askAll(() => channel.call({ pattern: 'echo', data: text }))).answered).toBe(COUNT);
  });

  test.each(['stock', 'ours'] as const)('20 echoes of 1 MiB with a %s server finish', async (kind) => {
    const maxFrameBytes = 2 * 2 ** 20;
    const server =
      kind === 'stock' ? servers.stock() : ourServer((request) => request.data, { maxFrameBytes });
    const channel = await channelTo((await running(server)).port, { ...bounds, maxFrameBytes });
    const data = 'y'.repeat(2 ** 20);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => channel.call({ pattern: 'echo', data })),
    );
    expect(answers.every((answer) => answer === data)).toBe(true);
  });
});

describe('fault 2: a small frame waits for the acknowledgement of the one before', () => {
  test('a fast call behind a slow one overtakes the same of a stock client, which was made before it', async () => {
    const never = (): Promise<never> => new Promise(() => undefined);
    const { port } = await running(
      ourServer((request) => (request.pattern === 'slow' ? never() : request.data)),
    );
    const client = await stockClient(port);
    const channel = await channelTo(port);
    /** Whether the frame of the stock client waits: it does, unless the one before was acknowledged meanwhile. */
    const overtakes = async (): Promise<boolean> => {
      client.send('slow', 1).subscribe({ error: () => undefined });
      channel.call({ pattern: 'slow', data: 1 }).catch(() => undefined);
      await new Promise((resolve) => setImmediate(resolve));
      const answered: string[] = [];
      await Promise.all([
        firstValueFrom(client.send('fast', 1)).then(() => answered.push('stock')),
        channel.call({ pattern: 'fast', data: 1 }).then(() => answered.push('ours')),
      ]);
      return answered[0] === 'ours';
    };
    let overtaken = 0;
    for (let round = 0; round < 50 && overtaken < 5; round++) overtaken += (await overtakes()) ? 1 : 0;
    expect(overtaken).toBe(5);
  });
});

describe('fault 3: the server parses a string pattern as JSON, and throws, for every message', () => {
  const pattern = 'catalog.products';

  async function parsesOf(port: number): Promise<number> {
    const channel = await channelTo(port);
    const parse = jest.spyOn(JSON, 'parse');
    await channel.call({ pattern, data: 1 });
    const count = parse.mock.calls.filter(([text]) => text === pattern).length;
    parse.mockRestore();
    return count;
  }

  test('a stock server does, ours looks it up', async () => {
    expect(await parsesOf((await running(startStock({ [pattern]: echo }))).port)).toBeGreaterThan(0);
    const ours = new FacetServer();
    ours.addHandler(pattern, echo);
    await new Promise<void>((resolve) => ours.listen(() => resolve()));
    closing(ours, (server) => server.close());
    expect(await parsesOf(ours.address().port)).toBe(0);
  });
});

describe('fault 4: a header that never ends is searched again with every read', () => {
  test('a stock server collects it, ours ends that connection after eleven bytes and serves the others', async () => {
    const flood = Buffer.alloc(256 * 1024, '1');
    const stock = await rawClient((await running(startStock({ echo }))).port);
    closing(stock, (socket) => socket.destroy());
    stock.write(flood);
    const { port } = await running(ourServer((request) => request.data));
    const other = await channelTo(port);
    const ours = await rawClient(port);
    ours.write(flood.subarray(0, 11));
    await once(ours, 'close');
    expect(await other.call({ pattern: 'echo', data: 1 })).toBe(1);
    expect(stock.destroyed).toBe(false);
  });
});

describe('fault 5: one socket to one host', () => {
  test('our client spreads calls over hosts and goes on without one that is gone', async () => {
    const [first, second] = await Promise.all([1, 2].map((name) => running(ourServer(() => name))));
    const servers = [first, second].map((server) => ({ host: HOST, port: server?.port ?? 0 }));
    const client = closing(new FacetClient({ servers, connections: 2 }), (each) => each.close());
    await client.connect();
    await until(() => client.ready === 4);
    const ask = (): Promise<unknown[]> =>
      Promise.all(Array.from({ length: 40 }, () => firstValueFrom(client.send<unknown>('who', {}))));
    expect(new Set(await ask())).toEqual(new Set([1, 2]));
    await first?.close();
    await until(() => client.ready === 2);
    expect(new Set(await ask())).toEqual(new Set([2]));
  });
});

describe('fault 6: neither a request nor a connect ever times out', () => {
  test('our call fails at its deadline and leaves nothing behind, where a stock one waits for ever', async () => {
    const { port } = await running(startStock({ hang: () => new Promise(() => undefined) }));
    const client = await stockClient(port);
    client.send('hang', 1).subscribe({ error: () => undefined });
    await until(() => waitingOf(client) === 1);
    const channel = await channelTo(port);
    const call = channel.call({ pattern: 'hang', data: 1, timeoutMs: 30 });
    await expect(call).rejects.toMatchObject({ code: 'transport.deadline', written: true });
    expect(channel.pending).toBe(0);
    expect(channel.pendingBytes).toBe(0);
    expect(waitingOf(client)).toBe(1);
  });

  test('a peer that takes the connection and says nothing fails the handshake in time', async () => {
    const { port } = await running(rawServer((socket) => socket.resume()));
    const channel = new Channel({ host: HOST, port, handshakeTimeoutMs: 30 });
    await expect(channel.connect()).rejects.toMatchObject({ code: 'transport.handshake-timeout' });
    expect(channel.state).toBe('closed');
  });

  test('a machine that does not even take the connection fails it in time', async () => {
    const script = `const server = require('node:net').createServer();
      server.listen({ port: 0, host: '${HOST}', backlog: 1 }, () => {
        require('node:fs').writeSync(1, String(server.address().port));
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      });`;
    const child = closing(spawn(process.execPath, ['-e', script]), (each) => each.kill('SIGKILL'));
    const [port] = (await once(child.stdout, 'data')) as [Buffer];
    const attempts = Array.from({ length: 6 }, () => {
      const options = { host: HOST, port: Number(port), connectTimeoutMs: 200, handshakeTimeoutMs: 10_000 };
      const channel = closing(new Channel(options), (each) => each.destroy());
      return channel.connect();
    });
    await expect(Promise.race(attempts)).rejects.toMatchObject({
      code: 'transport.connect-timeout',
      written: false,
    });
    await closeAll();
    await Promise.allSettled(attempts);
  });
});

describe('fault 7: nobody tells the server that a call was given up', () => {
  test('a stock pair runs 50 abandoned calls to their end, ours stops all of them', async () => {
    const finished = { stock: 0, ours: 0 };
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const stock = await running(startStock({ work: () => gate.then(() => void finished.stock++) }));
    const aborted: string[] = [];
    let started = 0;
    const ours = await running(
      ourServer(async ({ signal }) => {
        signal.addEventListener('abort', () => aborted.push((signal.reason as { code: string }).code));
        started++;
        await gate;
        if (!signal.aborted) finished.ours++;
      }),
    );
    const client = await stockClient(stock.port);
    const subscriptions = Array.from({ length: 50 }, () => client.send('work', {}).subscribe());
    await until(() => waitingOf(client) === 50);
    for (const subscription of subscriptions) subscription.unsubscribe();
    const channel = await channelTo(ours.port);
    const abort = new AbortController();
    const calls = Array.from({ length: 50 }, () =>
      channel.call({ pattern: 'work', data: {}, signal: abort.signal }),
    );
    await until(() => started === 50);
    abort.abort();
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.every((each) => each.status === 'rejected')).toBe(true);
    await until(() => aborted.length === 50);
    expect(new Set(aborted)).toEqual(new Set(['transport.cancelled']));
    release();
    await until(() => finished.stock === 50);
    expect(finished.ours).toBe(0);
  });
});

describe('fault 8: a stream goes on after its reader has left', () => {
  /** An endless stream that counts its values and its readers. */
  function endless(): { stream: Observable<number>; values: () => number; readers: () => number } {
    let values = 0;
    let readers = 0;
    const stream = new Observable<number>((subscriber) => {
      readers++;
      const timer = setInterval(() => subscriber.next(values++), 1);
      closing(timer, clearInterval);
      return () => {
        readers--;
        clearInterval(timer);
      };
    });
    return { stream, values: () => values, readers: () => readers };
  }

  test('a stock server streams on, ours stops when the reader is done and when it disconnects', async () => {
    const stock = endless();
    const { port } = await running(startStock({ stream: () => Promise.resolve(stock.stream) }));
    const client = await stockClient(port);
    await firstValueFrom(client.send('stream', {}));
    client.close();

    const ours = endless();
    const server = await running(ourServer(() => ours.stream));
    const channel = await channelTo(server.port);
    for await (const value of channel.stream({ pattern: 'stream', data: {} })) if (value === 2) break;
    await until(() => ours.readers() === 0);
    const lost = channel.stream({ pattern: 'stream', data: {} })[Symbol.asyncIterator]();
    await lost.next();
    channel.destroy();
    await until(() => ours.readers() === 0);

    const before = stock.values();
    await until(() => stock.values() > before + 5);
    expect(stock.readers()).toBe(1);
  });
});
