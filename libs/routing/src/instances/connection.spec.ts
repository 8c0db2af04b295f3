import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createClock, eventually } from '@facet/testing';
import { expect, test } from '@jest/globals';
import { systemClock } from '../clock.js';
import { Connection } from './connection.js';

const frame = (value: unknown) => {
  const json = JSON.stringify(value);
  return `${json.length}#${json}`;
};

test('a connection that is refused pauses ever longer, and anew with short pauses once it is hurried', async () => {
  const clock = createClock();
  const pauses: number[] = [];
  const connection = new Connection({
    channel: { host: '127.0.0.1', port: 1 }, // nothing listens there (IANA: tcpmux)
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
  connection.hurry(); // in its pause: tries at once
  await refusedTimes(4);
  await clock.advance(50);
  await refusedTimes(5);
  const advanced = clock.advance(100);
  connection.hurry(); // while it tries
  await advanced;
  await refusedTimes(6);
  expect(pauses).toEqual([50, 100, 200, 50, 100, 50]);
  connection.destroy();
});

test('a connection whose peer says with its first word that it is about to stop is made again', async () => {
  const hello = frame({ response: { facet: 1, can: ['drain'] }, isDisposed: true, id: 1 });
  const notice = frame({ isDisposed: true, id: 'facet:drain' });
  let connections = 0;
  const server = createServer((socket) => {
    const isLeaving = ++connections === 1;
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write(isLeaving ? hello + notice : hello));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const told: string[] = [];
  const connection = new Connection({
    channel: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
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
