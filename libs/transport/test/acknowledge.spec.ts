import { once } from 'node:events';
import type { Socket } from 'node:net';

import { describe, expect, test } from '@jest/globals';

import type { ChannelOptions } from '../src/index.js';
import { HELLO } from '../src/wire.js';
import { channelTo, running } from './support/closing.js';
import { answerAsStock, ourServer, rawServer, stockServer, until } from './support/sockets.js';

interface Seen {
  readonly id?: number;
  readonly pattern: string;
}

/** A stock server that answers `fast` and nothing else; what it read, as bytes and as packets. */
async function halfSilent(options: Partial<ChannelOptions> = {}) {
  let socket: Socket | undefined;
  let text = '';
  const packets: Seen[] = [];
  const { port } = await running(
    rawServer((accepted) => {
      socket = accepted;
      accepted.on('data', (bytes: Buffer) => (text += bytes.toString()));
      answerAsStock(accepted, (packet) => {
        const seen = packet as Seen;
        packets.push(seen);
        return seen.pattern === HELLO || seen.pattern === 'fast';
      });
    }),
  );
  const channel = await channelTo(port, options);
  const read = (): string => text;
  return { channel, packets, read, socket: () => socket as Socket };
}

const ask = (channel: { call(call: object): Promise<unknown> }, pattern: string) =>
  channel.call({ pattern, data: 1 }).catch((error: Error) => error);

/** Longer than an acknowledgement takes: what does not happen has no event to wait for. */
const aMoment = () => new Promise((resolve) => setTimeout(resolve, 10));

describe('an answer of a stock server, with more due', () => {
  test('is acknowledged by a zero, with which the next frame begins', async () => {
    const { channel, packets, read } = await halfSilent();
    void ask(channel, 'slow');
    await ask(channel, 'fast');
    await until(() => read().endsWith('}0'));
    await ask(channel, 'fast');
    expect(read()).toMatch(/\}0+\d+#\{"pattern":"fast"/);
    expect(packets.map(({ pattern }) => pattern)).toEqual([HELLO, 'slow', 'fast', 'fast']);
  });

  test('is followed by a whole frame soon, so that the server never waits for one in vain', async () => {
    const { channel, packets, read } = await halfSilent();
    void ask(channel, 'slow');
    await ask(channel, 'fast');
    await until(() => read().endsWith('}0'));
    await until(() => packets.length === 4);
    expect(packets.at(-1)?.pattern).toBe(HELLO);
    expect(channel.state).toBe('ready');
  });

  test('begins no frame with more zeros than a server reads in patience', async () => {
    const { channel, read, socket, packets } = await halfSilent();
    void ask(channel, 'slow');
    // Answers that nobody waits for, as those of a stream are that go on.
    const answer = '{"response":1,"isDisposed":true,"id":999999}';
    const timer = setInterval(() => socket().write(`${answer.length}#${answer}`), 1);
    await until(() => packets.filter(({ pattern }) => pattern === HELLO).length >= 3);
    clearInterval(timer);
    const zeros = [...read().matchAll(/\}(0+)/g)].map(([, run = '']) => run.length);
    expect(Math.max(...zeros)).toBeGreaterThan(0);
    expect(Math.max(...zeros)).toBeLessThanOrEqual(16);
  });

  test('is not, where nobody wants that', async () => {
    const { channel, read } = await halfSilent({ acknowledgeAfterMs: Infinity });
    void ask(channel, 'slow');
    await ask(channel, 'fast');
    await aMoment();
    await ask(channel, 'fast');
    expect(read()).not.toContain('}0');
  });

  test('reaches a server of Nest whole, however many came before it', async () => {
    const { port } = await running(
      stockServer({
        fast: (data) => Promise.resolve(data),
        slow: () => new Promise((resolve) => setTimeout(resolve, 30)),
      }),
    );
    const channel = await channelTo(port);
    for (let round = 0; round < 20; round++) {
      const slow = channel.call({ pattern: 'slow', data: null });
      for (let call = 0; call < 3; call++) {
        expect(await channel.call({ pattern: 'fast', data: `é ${call}` })).toBe(`é ${call}`);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      await slow;
    }
    expect(channel.state).toBe('ready');
  });
});

describe('nothing is acknowledged', () => {
  test('where no more is due', async () => {
    const { channel, read } = await halfSilent();
    await ask(channel, 'fast');
    await aMoment();
    await ask(channel, 'fast');
    expect(read()).not.toContain('}0');
  });

  test('to a server of ours, which sets TCP_NODELAY', async () => {
    const texts: string[] = [];
    const { port } = await running(
      ourServer((request) => {
        if (request.socket.listenerCount('data') === 1) {
          request.socket.on('data', (bytes: Buffer) => texts.push(bytes.toString()));
        }
        return request.pattern === 'slow' ? new Promise(() => undefined) : request.data;
      }),
    );
    const channel = await channelTo(port);
    const slow = ask(channel, 'slow');
    await ask(channel, 'fast');
    await aMoment();
    await ask(channel, 'fast');
    channel.destroy();
    await slow;
    expect(texts.join('')).toContain('"pattern":"fast"');
    expect(texts.join('')).not.toMatch(/\}0|^0/);
  });

  test('once the connection is closed', async () => {
    const { channel, read, socket } = await halfSilent();
    const slow = ask(channel, 'slow');
    await ask(channel, 'fast');
    const closed = once(socket(), 'close');
    channel.destroy();
    await Promise.all([slow, closed]);
    expect(read()).not.toContain('}0');
  });
});
