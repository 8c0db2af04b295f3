import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { Channel } from '../src/index.js';
import {
  channelTo,
  clients,
  eventsSeen,
  failureOf,
  servers,
  type RunningClient,
  type RunningServer,
} from './support/ends.js';

const NO_HANDLER = /transport\.no-handler|no matching message handler/;

describe.each(Object.entries(servers))('a %s server', (serverName, startServer) => {
  let server: RunningServer;

  beforeAll(async () => {
    server = await startServer();
  });

  afterAll(() => server.close());

  describe.each(Object.entries(clients))('asked by a %s', (_, startClient) => {
    let client: RunningClient;

    beforeAll(async () => {
      client = await startClient(server.port);
    });

    afterAll(async () => {
      await client.close();
    });

    test.each([
      ['an object', { a: [1, { b: null }] }],
      ['an empty string', ''],
      ['zero', 0],
      ['false', false],
      ['a list', [1, 'two', [3]]],
      ['text of every script', 'naïve – 日本語 😀 \u2028 \u0000 "#"'],
      ['keys of every script', { größe: 'ü', '😀': '€', __proto__x: 1 }],
      ['what looks like a frame', '12#{"response":1,"isDisposed":true,"id":1}'],
      ['what looks like a reply', { response: 1, err: 'no', isDisposed: true, id: 1, status: 'error' }],
    ])('answers %s as it was', async (_, value) => {
      expect(await client.ask('echo', value)).toEqual([value]);
      expect(await client.ask({ version: 2, cmd: 'echo' }, value)).toEqual([value]);
    });

    test('answers null, and tells it from nothing', async () => {
      expect(await client.ask('answer-null', {})).toEqual([null]);
      expect(await client.ask('answer-nothing', {})).toEqual([]);
    });

    test('answers many values in order, apart in time or at once', async () => {
      expect(await client.ask('stream', 5)).toEqual([0, 1, 2, 3, 4].map((index) => ({ index })));
      expect(await client.ask('burst', 50)).toEqual(Array.from({ length: 50 }, (_, index) => index));
      expect(await client.ask('burst', 0)).toEqual([]);
    });

    test('answers an error of the service as it was thrown', async () => {
      expect(await failureOf(client.ask('refuse', 'not today'))).toEqual({
        status: 'error',
        message: 'not today',
      });
      expect(await failureOf(client.ask('refuse', { code: 7, why: 'ü' }))).toEqual({ code: 7, why: 'ü' });
    });

    test('masks a defect of the service', async () => {
      expect(await failureOf(client.ask('defect', {}))).toEqual({
        status: 'error',
        message: 'Internal server error',
      });
    });

    test('says so where nobody handles a pattern', async () => {
      expect(String(await failureOf(client.ask('nope', {})))).toMatch(NO_HANDLER);
      expect(String(await failureOf(client.ask({ cmd: 'nope' }, {})))).toMatch(NO_HANDLER);
    });

    test('takes events, and an unknown one harms nothing', async () => {
      await client.emit('nobody-cares', 1);
      await client.emit('happened', { größe: 1 });
      expect(await eventsSeen(1)).toEqual([{ größe: 1 }]);
      expect(await client.ask('echo', 1)).toEqual([1]);
    });

    test.each([1, 100, 16_383, 16_384, 16_385, 65_536, 300_000, 900_000])('echoes %d bytes', async (size) => {
      const text = 'x'.repeat(size);
      expect(await client.ask('echo', text)).toEqual([text]);
      const umlauts = 'ü'.repeat(size / 2);
      expect(await client.ask('echo', umlauts)).toEqual([umlauts]);
    });

    test('keeps thousands of calls at once apart', async () => {
      const calls = Array.from({ length: 3000 }, async (_, index) => {
        const value = { index, text: 'ü'.repeat(index % 50) };
        return (await client.ask(index % 2 === 0 ? 'echo' : { cmd: 'echo', version: 2 }, value))[0];
      });
      const answers = await Promise.all(calls);
      expect(answers.map((answer) => (answer as { index: number }).index)).toEqual(
        calls.map((_, index) => index),
      );
    });
  });

  describe('through a channel', () => {
    let channel: Channel;

    beforeAll(async () => {
      channel = await channelTo(server.port);
    });

    afterAll(() => channel.destroy());

    test('shows in the handshake what it is', () => {
      expect(channel.peer?.hasExtensions).toBe(serverName === 'ours');
    });

    test.each([{ größe: '😀' }, [1], 'text', 12, null, true, '', 'a "quoted" \\ text'])(
      'forwards the JSON of %j unchanged',
      async (value) => {
        const json = await channel.forward({ pattern: 'echo', data: value });
        expect(json).toBe(JSON.stringify(value));
      },
    );

    test('forwards nothing where there is no answer', async () => {
      expect(await channel.forward({ pattern: 'answer-nothing', data: 1 })).toHaveLength(0);
      expect(await channel.call({ pattern: 'answer-nothing', data: 1 })).toBeUndefined();
    });

    test('takes the first of many answers where one is asked for', async () => {
      expect(await channel.call({ pattern: 'stream', data: 3 })).toEqual({ index: 0 });
      expect(channel.pending).toBe(0);
    });

    test('brings an error with its code where the service gives it a form for the wire', async () => {
      const expected =
        serverName === 'ours'
          ? { code: 'catalog.gone', status: 410, message: 'gone for good' }
          : { status: 'error', message: 'Internal server error' };
      expect(await failureOf(channel.call({ pattern: 'coded', data: 1 }))).toEqual(expected);
    });

    test('measures a round trip', async () => {
      expect(await channel.ping(1000)).toBeGreaterThan(0);
    });
  });
});
