import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { VirtualClock } from '@facet/contracts/testing';
import { eventually } from '@facet/testing';
import { expect, test } from '@jest/globals';
import { systemClock } from '@facet/contracts';
import { Channel } from '@facet/transport';
import { Connection } from './connection.js';

const frame = (value: unknown) => {
  const json = JSON.stringify(value);
  return `${json.length}#${json}`;
};
const hello = frame({ response: { facet: 1, can: ['drain'] }, isDisposed: true, id: 1 });

async function serve(onSocket: (socket: Socket) => void): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

test('a connection that is refused pauses ever longer, and anew with short pauses once it is told to reconnect now', async () => {
  const clock = new VirtualClock();
  const pauses: number[] = [];
  const connection = new Connection({
    open: () => new Channel({ host: '127.0.0.1', port: 1 }), // nothing listens there (IANA: tcpmux)
    reconnect: { baseMs: 50, maxMs: 2_000 },
    clock,
    random: () => 1,
    changed: () => undefined,
    connected: () => undefined,
    connectFailed: (_code, retryInMs) => pauses.push(retryInMs),
    lost: () => undefined,
  });
  const refusedTimes = (times: number) => eventually(() => pauses.length === times);
  connection.connect();
  await refusedTimes(1);
  await clock.advance(50);
  await refusedTimes(2);
  await clock.advance(100);
  await refusedTimes(3);
  connection.reconnectNow(); // in its pause: tries at once
  await refusedTimes(4);
  await clock.advance(50);
  await refusedTimes(5);
  const advanced = clock.advance(100);
  connection.reconnectNow(); // while it tries
  await advanced;
  await refusedTimes(6);
  expect(pauses).toEqual([50, 100, 200, 50, 100, 50]);
  connection.destroy();
});

test('a connection whose peer says with its first word that it is about to stop is made again', async () => {
  const notice = frame({ isDisposed: true, id: 'facet:drain' });
  let connections = 0;
  const { server, port } = await serve((socket) => {
    const isLeaving = ++connections === 1;
    socket.once('data', () => socket.write(isLeaving ? hello + notice : hello));
  });
  const told: string[] = [];
  const connection = new Connection({
    open: () => new Channel({ host: '127.0.0.1', port }),
    reconnect: { baseMs: 1, maxMs: 1 },
    clock: systemClock,
    random: () => 1,
    changed: () => undefined,
    connected: () => told.push('connected'),
    connectFailed: (code) => told.push(code),
    lost: (code) => told.push(code),
  });
  connection.connect();
  await eventually(() => connection.channel !== undefined);
  expect(told).toEqual(['transport.draining', 'connected']);
  connection.destroy();
  server.close();
});

test('a connection pauses no longer each time that it is closed for an answer that is too large and tells nobody whose it is', async () => {
  const { server, port } = await serve((socket) => {
    socket.once('data', () => {
      socket.write(hello);
      socket.once('data', () => socket.write(`2000#${'x'.repeat(2_000)}`));
    });
  });
  const clock = new VirtualClock();
  const pauses: [string, number][] = [];
  const connection = new Connection({
    open: () => new Channel({ host: '127.0.0.1', port, maxFrameBytes: 1_000 }),
    reconnect: { baseMs: 50, maxMs: 2_000 },
    clock,
    random: () => 1,
    changed: () => undefined,
    connected: () => undefined,
    connectFailed: () => undefined,
    lost: (code) => pauses.push([code, connection.retryAt - clock.now()]),
  });
  connection.connect();
  for (let times = 1; times <= 3; times += 1) {
    const channel = await eventually(() => connection.channel as Channel | undefined);
    await expect(channel.call({ pattern: 'shop.item', data: {} })).rejects.toThrow('maxFrameBytes');
    await clock.advance(50);
  }
  expect(pauses).toEqual(Array.from({ length: 3 }, () => ['transport.frame-too-large', 50]));
  connection.destroy();
  server.close();
});
