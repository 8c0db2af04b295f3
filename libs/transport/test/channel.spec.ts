import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { Channel, WireServer, type IncomingRequest, type OutgoingCall } from '../src/index.js';
import { Watchdog } from '../src/watchdog.js';

import { channelTo, closing, running } from './support/closing.js';
import { HOST } from './support/ends.js';
import {
  answerAsStock,
  drainingAtOnce,
  ourServer,
  rawServer,
  stockServer,
  until,
} from './support/sockets.js';

function frame(packet: unknown): string {
  const json = JSON.stringify(packet);
  return `${json.length}#${json}`;
}

/** A raw server that answers the handshake, and everything else with what `reply` makes of the packet. */
const answering = (reply: (packet: { id?: unknown }) => string) =>
  rawServer((socket) =>
    answerAsStock(socket, (packet) => {
      if (packet.id === 1) return true;
      socket.write(reply(packet));
      return false;
    }),
  );

/** A stock server in a thread of its own that answers when it is let, so that this one may stand still meanwhile. */
async function gatedServer(): Promise<{ port: number; letAnswer: () => void }> {
  const gate = new Int32Array(new SharedArrayBuffer(8));
  const server = closing(
    new Worker(new URL('./support/gated-worker.mjs', import.meta.url), { workerData: gate }),
    (each) => each.terminate(),
  );
  const [port] = (await once(server, 'message')) as [number];
  const letAnswer = () => {
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
    Atomics.wait(gate, 1, 0, 10_000);
  };
  return { port, letAnswer };
}

/** Stands still for longer than `ms`. */
const pauseOver = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms * 2);

const echo: OutgoingCall = { pattern: 'echo', data: 'x' };

describe('Channel', () => {
  test.each([
    [{ host: HOST, port: 0 }, 'port'],
    [{ host: HOST, port: 1.5 }, 'port'],
    [{ host: '', port: 1 }, 'host'],
    [{ host: HOST, port: 1, maxPending: -1 }, 'maxPending'],
    [{ host: HOST, port: 1, connectTimeoutMs: Number.NaN }, 'connectTimeoutMs'],
  ])('refuses the options %j and names the wrong one', (options, name) => {
    expect(() => new Channel(options)).toThrow(name);
  });

  test('tells a call before connect() what to do', async () => {
    const channel = new Channel({ host: HOST, port: 1 });
    await expect(channel.call(echo)).rejects.toMatchObject({
      code: 'transport.closed',
      written: false,
      message: expect.stringContaining('await connect()'),
    });
  });

  test('fails to connect where nobody listens, and cannot be used again', async () => {
    const gone = await rawServer(() => undefined);
    await gone.close();
    const { port } = gone;
    const channel = new Channel({ host: HOST, port });
    await expect(channel.connect()).rejects.toMatchObject({
      code: 'transport.connect-failed',
      written: false,
    });
    await expect(channel.call(echo)).rejects.toMatchObject({ code: 'transport.closed', written: false });
    expect(channel.state).toBe('closed');
  });

  test('stops connecting when nobody waits any more', async () => {
    const { port } = await running(rawServer((socket) => socket.resume()));
    const abort = new AbortController();
    const connecting = new Channel({ host: HOST, port }).connect(abort.signal);
    abort.abort();
    await expect(connecting).rejects.toMatchObject({ code: 'transport.cancelled' });
  });

  test('takes a pause of its own process for no silence of the peer', async () => {
    const { port, letAnswer } = await gatedServer();
    const channel = closing(new Channel({ host: HOST, port, connectTimeoutMs: 50 }), (each) =>
      each.destroy(),
    );
    const connected = channel.connect();
    pauseOver(50);
    await connected;

    const answer = channel.call({ ...echo, timeoutMs: 50 });
    await new Promise(setImmediate); // it has left
    letAnswer();
    pauseOver(50);
    expect(await answer).toBe('x');
  });

  test('takes no peer for dead that gave its sign of life during a pause of its own process', async () => {
    const { port, letAnswer } = await gatedServer();
    const channel = await channelTo(port);
    let answers = 0;
    const deaths: string[] = [];
    const standStill = () => {
      letAnswer();
      pauseOver(50);
    };
    const watchdog = new Watchdog(
      { keepAliveMs: 50, partialFrameTimeoutMs: 50 },
      {
        isPartial: () => false,
        ping: () => {
          void channel.call(echo).then(() => {
            watchdog.saw();
            answers++;
          });
          setImmediate(standStill); // once the question has left
        },
        dead: (message) => deaths.push(message),
      },
    );
    watchdog.start();
    await until(() => answers > 0);
    watchdog.stop();
    expect(deaths).toEqual([]);
  });

  test.each([
    ['bytes that are no frame', 'garbage'],
    ['a frame that is no JSON', '5#{"a":'],
    ['a negative length', '-5#{}'],
  ])('closes on %s, and fails what waits with transport.corrupt-frame', async (_, bytes) => {
    const channel = await channelTo((await running(answering(() => bytes))).port);
    await expect(channel.call(echo)).rejects.toMatchObject({
      code: 'transport.corrupt-frame',
      written: true,
    });
    expect(channel.state).toBe('closed');
  });

  test('U2 never gives an answer with a foreign or late id to another call', async () => {
    const { port } = await running(
      answering(({ id }) =>
        [
          { response: { of: 'foreign' }, isDisposed: true, id: 999 },
          { response: { of: 'text' }, isDisposed: true, id: String(id) },
          { response: { of: 'nobody' }, isDisposed: true },
          { response: { of: 'past' }, isDisposed: true, id: Number(id) - 1 },
          { response: { of: id }, isDisposed: true, id },
          { response: { of: 'twice' }, isDisposed: true, id },
        ]
          .map(frame)
          .join(''),
      ),
    );
    const channel = await channelTo(port);
    const abort = new AbortController();
    const given = channel.call({ ...echo, signal: abort.signal });
    abort.abort();
    await expect(given).rejects.toMatchObject({ code: 'transport.cancelled' });
    expect(await Promise.all([channel.call(echo), channel.call(echo)])).toEqual([{ of: 3 }, { of: 4 }]);
  });

  test('gives a handler the bytes of its answer, or why there is none, once', async () => {
    const { port } = await running(
      ourServer(({ data }) => {
        if (data === 'fail') throw Object.assign(new Error(), { toWire: () => 'refused' });
        return data === 'never' ? new Promise(() => undefined) : data;
      }),
    );
    const channel = await channelTo(port);
    const heard: unknown[] = [];
    const ask = (data: unknown, timeoutMs = 10_000): number =>
      channel.send(
        { pattern: 'echo', data, timeoutMs },
        {
          arrived: (bytes, start, end) => heard.push([data, bytes.toString('utf8', start, end)]),
          missed: (error) => heard.push([data, error.message]),
        },
      );
    const cancelled = ask('never');
    ask({ a: 'ä' });
    ask(undefined);
    ask('fail');
    ask('never', 20);
    channel.cancel(cancelled);
    channel.cancel(cancelled);
    channel.cancel(999);
    await until(() => channel.pending === 0);
    expect(heard).toEqual([
      [{ a: 'ä' }, '{"a":"ä"}'],
      [undefined, ''],
      ['fail', 'refused'],
      ['never', expect.stringContaining('in time')],
    ]);
    expect(() => ask('late', 0)).toThrow(expect.objectContaining({ code: 'transport.deadline' }));
  });

  test('takes an envelope with keys of its own for a bare payload, as a stock client does', async () => {
    const channel = await channelTo((await running(answering(({ id }) => frame({ id, total: 7 })))).port);
    expect(await channel.call(echo)).toEqual({ id: 2, total: 7 });
  });

  test('refuses a request over maxFrameBytes, and lives on', async () => {
    const { port } = await running(ourServer((request) => request.data));
    const channel = await channelTo(port, { maxFrameBytes: 1000 });
    for (const data of ['x'.repeat(1000), '€'.repeat(400)]) {
      const refused = { code: 'transport.frame-too-large', written: false };
      await expect(channel.call({ ...echo, data })).rejects.toMatchObject(refused);
    }
    expect(await channel.call(echo)).toBe('x');
  });

  test('refuses a request over what a peer of ours takes', async () => {
    const { port } = await running(ourServer((request) => request.data, { maxFrameBytes: 500 }));
    const channel = await channelTo(port);
    const call = channel.call({ ...echo, data: 'x'.repeat(500) });
    await expect(call).rejects.toMatchObject({ code: 'transport.frame-too-large', written: false });
  });

  test('gets an error for the one answer that is too large for it, where the server is ours', async () => {
    const { port } = await running(ourServer((request) => 'y'.repeat(Number(request.data))));
    const channel = await channelTo(port, { maxFrameBytes: 2000 });
    const [large, small] = [3000, 10].map((data) => channel.call({ pattern: 'text', data }));
    await expect(large).rejects.toMatchObject({ payload: { code: 'transport.frame-too-large' } });
    expect(await small).toBe('y'.repeat(10));
  });

  test('fails the one call whose answer is too large, where the server is a stock one', async () => {
    const { port } = await running(stockServer({ text: () => Promise.resolve('y'.repeat(3000)) }));
    const channel = await channelTo(port, { maxFrameBytes: 2000 });
    const call = channel.call({ pattern: 'text', data: 1 });
    await expect(call).rejects.toMatchObject({ code: 'transport.frame-too-large', written: true });
    expect(channel.state).toBe('ready');
  });

  test('refuses data that is no JSON', async () => {
    const channel = await channelTo((await running(ourServer((request) => request.data))).port);
    const refused = { code: 'transport.unserialisable', written: false };
    await expect(channel.call({ ...echo, data: 1n })).rejects.toMatchObject(refused);
    expect(await channel.call({ ...echo, data: () => 1 })).toBeUndefined();
  });

  test('ends a stream whose reader is too far behind, and nothing else', async () => {
    const { port } = await running(
      ourServer(async function* () {
        for (let index = 0; index < 50; index++) yield await Promise.resolve(index);
      }),
    );
    const channel = await channelTo(port, { maxStreamValues: 5 });
    const reader = channel.stream({ pattern: 'many', data: 1 })[Symbol.asyncIterator]();
    const first = reader.next().catch((error: unknown) => error);
    await until(() => channel.pending === 0);
    const outcomes = [await first, await reader.next().catch((error: unknown) => error)];
    expect(outcomes).toContainEqual(expect.objectContaining({ code: 'transport.queue-full' }));
    expect(channel.state).toBe('ready');
  });

  test('says of each call whether it may have been written when the connection ends', async () => {
    const { port } = await running(answering(() => ''));
    const channel = await channelTo(port);
    const written = channel.call(echo);
    await new Promise((resolve) => setImmediate(resolve));
    const unwritten = channel.call(echo);
    channel.destroy(new Error('enough'));
    const closed = { code: 'transport.closed', message: expect.stringContaining('enough') };
    await expect(written).rejects.toMatchObject({ ...closed, written: true });
    await expect(unwritten).rejects.toMatchObject({ ...closed, written: false });
  });

  test('drains: answers what it has, takes nothing new, then closes', async () => {
    let release = (): void => undefined;
    const gate = new Promise<string>((resolve) => (release = () => resolve('late')));
    const { port } = await running(ourServer(() => gate));
    const channel = await channelTo(port);
    const call = channel.call(echo);
    const drained = channel.drain();
    await expect(channel.call(echo)).rejects.toMatchObject({ code: 'transport.draining', written: false });
    release();
    expect(await call).toBe('late');
    await drained;
    expect(channel.state).toBe('closed');
  });

  test('fails to connect to a server whose notice to drain comes along with its handshake', async () => {
    const channel = new Channel({ host: HOST, port: (await running(drainingAtOnce())).port });
    const drains: unknown[] = [];
    channel.on('drain', () => drains.push(channel.state));
    await expect(channel.connect()).rejects.toMatchObject({ code: 'transport.draining', written: false });
    expect(channel.state).toBe('closed');
    expect(drains).toHaveLength(1);
    await channel.drain();
  });

  test.each([
    ['before it connects', (channel: Channel) => channel.state === 'idle'],
    ['while it connects', (channel: Channel) => channel.connect().catch(() => undefined)],
  ])('drained %s closes at once, and does not connect', async (_, begin) => {
    const { port } = await running(rawServer((socket) => socket.resume()));
    const channel = new Channel({ host: HOST, port });
    void begin(channel);
    await channel.drain();
    expect(channel.state).toBe('closed');
    await expect(channel.connect()).rejects.toMatchObject({ code: 'transport.draining', written: false });
  });

  describe('what goes along', () => {
    const extras = {
      caller: 'proof',
      traceparent: '00-1',
      fields: ['a', 'b.c'],
      first: { list: 'a', count: 3 },
      priority: 'high',
      timeoutMs: 5000,
    } as const;
    let server: WireServer;
    let seen: IncomingRequest | undefined;

    beforeAll(async () => {
      server = new WireServer({ abilities: ['fields', 'first'], info: { name: 'catalog' } });
      await server.onRequest((request) => void (seen = request)).listen();
    });

    afterAll(() => server.close({ timeoutMs: 1 }));

    test('reaches a server of ours', async () => {
      const channel = await channelTo(server.address().port);
      await channel.call({ ...echo, ...extras, metadata: { tenant: 'a' } });
      const { caller, traceparent, fields, first, priority, metadata } = seen as IncomingRequest;
      expect({ caller, traceparent, fields, first, priority, metadata }).toEqual({
        caller: 'proof',
        traceparent: '00-1',
        fields: ['a', 'b.c'],
        first: { list: 'a', count: 3 },
        priority: 'high',
        metadata: { tenant: 'a' },
      });
      expect(seen?.timeLeftMs()).toBeLessThanOrEqual(5000);
      await channel.call({ ...echo, timeoutMs: Infinity });
      expect(seen?.timeLeftMs()).toBeUndefined();
    });

    test('shows in the handshake that it will', async () => {
      const channel = await channelTo(server.address().port);
      expect(channel.peer).toMatchObject({
        deadline: true,
        cancel: true,
        drain: true,
        fields: true,
        first: true,
      });
      expect(channel.peer?.info).toEqual({ name: 'catalog' });
    });

    test('is not sent by a client that leaves it out, nor to a server that does', async () => {
      const { port } = server.address();
      const channel = await channelTo(port, { abilities: ['first'] });
      expect(channel.peer).toMatchObject({ deadline: true, drain: true, fields: false, first: true });
      await channel.call({ ...echo, ...extras });
      expect([seen?.caller, seen?.fields, seen?.first]).toEqual([
        'proof',
        undefined,
        { list: 'a', count: 3 },
      ]);
      expect(() => new Channel({ host: '127.0.0.1', port, abilities: ['all' as 'first'] })).toThrow(
        'Channel.abilities: got all, expected some of fields, first, times',
      );
    });

    test('is never sent to a stock server', async () => {
      const packets: unknown[] = [];
      const { port } = await running(
        rawServer((socket) => answerAsStock(socket, (packet) => packets.push(packet) > 0)),
      );
      const channel = closing(await channelTo(port), () => undefined);
      await expect(channel.call({ ...echo, ...extras })).rejects.toMatchObject({
        code: 'transport.no-handler',
      });
      expect(packets[1]).toEqual({ pattern: 'echo', data: 'x', id: 2 });
    });
  });
});
