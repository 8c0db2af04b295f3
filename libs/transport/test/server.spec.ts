import { once } from 'node:events';
import type { Socket } from 'node:net';

import { describe, expect, test } from '@jest/globals';

import { WireServer, type Channel, type OutgoingCall, type WireServerOptions } from '../src/index.js';

import { channelTo, closing, running, stockClient } from './support/closing.js';
import { HOST } from './support/ends.js';
import { ourServer, rawClient, until, waitingOf } from './support/sockets.js';

function frame(packet: unknown): string {
  const json = JSON.stringify(packet);
  return `${json.length}#${json}`;
}

async function readAll(socket: Socket, count: number): Promise<string> {
  let text = '';
  while (text.split('#').length - 1 < count) text += String((await once(socket, 'data'))[0]);
  return text;
}

/** A server whose handler waits at a gate, and who got through it. */
async function gated(options: WireServerOptions) {
  const begun: unknown[] = [];
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const server = new WireServer(options).onRequest(async ({ data }) => {
    begun.push(data);
    await gate;
    return data;
  });
  const { port } = await server.listen();
  closing(server, (each) => each.close({ timeoutMs: 1 }));
  return { server, port, begun, open: () => open(), channel: await channelTo(port) };
}

const ask = (channel: Channel, data: string, more: Partial<OutgoingCall> = {}): Promise<unknown> =>
  channel.call({ pattern: 'work', data, ...more });
const overloaded = { payload: { code: 'transport.overloaded', status: 503 } };

describe('WireServer', () => {
  test('refuses an option that is none and names it', () => {
    expect(() => new WireServer({ port: 70_000 })).toThrow('port');
    expect(() => new WireServer({ maxConcurrent: 0 })).toThrow('maxConcurrent');
  });

  test('says that an address is taken', async () => {
    const { port } = await running(ourServer(() => 1));
    await expect(new WireServer({ port }).listen()).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('takes a client that resets its connection for one that has left, not for an error', async () => {
    const reported: unknown[] = [];
    const { port, begun, open, server } = await gated({ port: 0, onError: (error) => reported.push(error) });
    const raw = await rawClient(port);
    raw.write(frame({ pattern: 'work', data: 1, id: '1' }));
    await until(() => begun.length === 1);
    expect(server.connections).toBeGreaterThan(0);
    raw.resetAndDestroy();
    await until(() => server.connections === 1);
    open();
    expect(reported).toEqual([]);
  });

  test.each([
    ['text', 'GET / HTTP/1.1\r\n\r\n'],
    ['a negative length', '-1#{}'],
    ['a length over the limit', '99999999#{'],
    ['a frame that is no JSON', '3#{a}'],
    ['binary', Buffer.from([0, 255, 254, 35])],
  ])('ends the connection of a client that sends %s, and serves the others', async (_, garbage) => {
    const reported: unknown[] = [];
    const { port } = await running(
      ourServer(({ data }) => data, { onError: (error) => reported.push(error) }),
    );
    const channel = await channelTo(port);
    const socket = await rawClient(port);
    socket.write(garbage);
    await once(socket, 'close');
    expect(reported).toHaveLength(1);
    expect(await ask(channel, 'well')).toBe('well');
  });

  test('ends a connection that stalls in the middle of a frame', async () => {
    const reported: { code?: string }[] = [];
    const onError = (error: unknown) => void reported.push(error as { code?: string });
    const { port } = await running(ourServer(() => 1, { partialFrameTimeoutMs: 30, onError }));
    const channel = await channelTo(port);
    const socket = await rawClient(port);
    socket.write('20#{"pattern":');
    await once(socket, 'close');
    expect(reported.map(({ code }) => code)).toEqual(['transport.closed']);
    expect(await ask(channel, 'well')).toBe(1);
  });

  test('echoes any id: text, null, the same one twice', async () => {
    const { port } = await running(ourServer(({ data }) => data));
    const socket = closing(await rawClient(port), (each) => each.destroy());
    const ids = ['a"b', null, 7, 7, null];
    socket.write(ids.map((id, index) => frame({ pattern: 'echo', data: index, id })).join(''));
    const text = await readAll(socket, ids.length);
    ids.forEach((id, index) => {
      expect(text).toContain(`{"response":${index},"isDisposed":true,"id":${JSON.stringify(id)}}`);
    });
  });

  test('takes no more connections than maxConnections', async () => {
    const { port } = await running(ourServer(() => 1, { maxConnections: 1 }));
    const channel = await channelTo(port);
    await once(await rawClient(port), 'close');
    expect(await ask(channel, 'x')).toBe(1);
  });

  test('sheds what is over its bounds, low priority first, and works by priority', async () => {
    const { channel, begun, open } = await gated({ maxConcurrent: 1, maxWaiting: 2 });
    const first = ask(channel, 'first');
    await until(() => begun.length === 1);
    const low = ask(channel, 'low', { priority: 'low' });
    const normal = ask(channel, 'normal');
    const high = ask(channel, 'high', { priority: 'high' });
    await expect(low).rejects.toMatchObject(overloaded);
    await expect(ask(channel, 'second')).rejects.toMatchObject(overloaded);
    const higher = ask(channel, 'higher', { priority: 'high' });
    await expect(normal).rejects.toMatchObject(overloaded);
    open();
    expect(await Promise.all([first, high, higher])).toEqual(['first', 'high', 'higher']);
    expect(begun).toEqual(['first', 'high', 'higher']);
  });

  test('sheds requests over maxHeldBytes', async () => {
    const { channel, begun, open } = await gated({ maxHeldBytes: 1000 });
    const first = ask(channel, 'x'.repeat(800));
    await until(() => begun.length === 1);
    await expect(ask(channel, 'y'.repeat(800))).rejects.toMatchObject(overloaded);
    open();
    expect(await first).toHaveLength(800);
    expect(await ask(channel, 'z'.repeat(800))).toHaveLength(800);
  });

  test('works through thousands that wait, one after the other', async () => {
    const { channel, begun, open } = await gated({ maxConcurrent: 1 });
    const calls = Array.from({ length: 3000 }, (_, index) => ask(channel, String(index)));
    open();
    expect(await Promise.all(calls)).toHaveLength(3000);
    expect(begun).toEqual(Array.from({ length: 3000 }, (_, index) => String(index)));
  });

  test('never begins work that is cancelled or too late while it waits', async () => {
    const { channel, server, begun, open } = await gated({ maxConcurrent: 1 });
    const first = ask(channel, 'first');
    const abort = new AbortController();
    const cancelled = ask(channel, 'cancelled', { signal: abort.signal });
    const late = ask(channel, 'late', { timeoutMs: 20 });
    await until(() => server.admission.waiting === 2);
    abort.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'transport.cancelled' });
    await expect(late).rejects.toMatchObject({ code: 'transport.deadline' });
    await until(() => server.admission.waiting === 0);
    open();
    expect(await first).toBe('first');
    expect(begun).toEqual(['first']);
  });

  test('tells a handler when its client is gone or its time is over, and lets events go on', async () => {
    const reasons: unknown[] = [];
    let events = 0;
    const { port } = await running(
      ourServer((request) => {
        if (request.isEvent) return void events++;
        request.signal.addEventListener('abort', () =>
          reasons.push((request.signal.reason as { code: string }).code),
        );
        return new Promise(() => undefined);
      }),
    );
    const channel = await channelTo(port);
    await expect(ask(channel, 'late', { timeoutMs: 20 })).rejects.toMatchObject({
      code: 'transport.deadline',
    });
    await until(() => reasons.length === 1);
    const lost = ask(channel, 'lost').catch((error: unknown) => error);
    await channel.event({ pattern: 'happened', data: 1 });
    await channel.ping(1000);
    channel.destroy();
    await lost;
    await until(() => reasons.length === 2);
    expect(reasons).toEqual([expect.stringMatching(/deadline|cancelled/), 'transport.closed']);
    expect(events).toBe(1);
  });

  test('cuts off a client that reads no replies, and serves the others', async () => {
    const reported: { code?: string }[] = [];
    const text = 'x'.repeat(100_000);
    const { port } = await running(
      ourServer(() => text, {
        maxUnsentBytes: 1_000_000,
        onError: (error) => reported.push(error as { code?: string }),
      }),
    );
    const deaf = await stockClient(port);
    const socket = deaf.unwrap<Socket>();
    socket.pause();
    for (let index = 0; index < 200; index++) deaf.send('text', index).subscribe({ error: () => undefined });
    for (let round = 0; !reported.some(({ code }) => code === 'transport.queue-full'); round++) {
      for (let index = 0; index < 500 && waitingOf(deaf) < 60_000; index++) {
        deaf.send('text', round).subscribe({ error: () => undefined });
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(await ask(await channelTo(port), 'x')).toBe(text);
  });

  test('lets an async iterable wait for a client that is behind', async () => {
    let made = 0;
    const { port } = await running(
      ourServer(async function* () {
        for (;;) yield await Promise.resolve(`${made++}${'x'.repeat(10_000)}`);
      }),
    );
    const socket = await rawClient(port);
    socket.pause();
    socket.write(frame({ pattern: 'endless', data: 1, id: 1 }));
    let last = -1;
    await until(() => {
      const stands = made > 0 && made === last;
      last = made;
      return stands;
    });
    expect(made).toBeLessThan(2000);
    socket.destroy();
  });

  test('drains: takes no new connection, lets clients of ours leave, answers what it has', async () => {
    const { server, channel, begun, open, port } = await gated({});
    const call = ask(channel, 'held');
    await until(() => begun.length === 1);
    let told = false;
    channel.once('drain', () => (told = true));
    const drained = server.drain();
    await until(() => told);
    await expect(channelTo(port)).rejects.toMatchObject({ code: 'transport.connect-failed' });
    open();
    expect(await call).toBe('held');
    await drained;
    await server.close();
    expect(server.connections).toBe(0);
  });

  test('cuts off what is not done when the time for closing is over', async () => {
    const { server, channel, begun } = await gated({});
    const call = ask(channel, 'endless').catch((error: unknown) => error);
    await until(() => begun.length === 1);
    await server.close({ timeoutMs: 20 });
    expect(await call).toMatchObject({ code: 'transport.closed', written: true });
    expect(HOST).toBe(server.options.host);
  });
});
