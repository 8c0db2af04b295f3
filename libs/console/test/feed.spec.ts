import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { eventuallyPasses } from '@facet/testing';
import { Feed } from '../src/live/feed.js';
import { Ring } from '../src/live/ring.js';
import { TrafficCounter } from '../src/live/traffic.js';

let server: Server;
let feed: Feed;
let now: number;
let log: string[];
const sockets: Socket[] = [];

beforeEach(async () => {
  now = 0;
  const lines: string[] = (log = []);
  feed = new Feed({ onOpen: () => lines.push('open'), onClose: () => lines.push('close'), now: () => now });
  server = createServer((_, response) => feed.add(response, () => 'hello')).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
  server.closeAllConnections();
});

/** A reader; its text, once it reads. */
async function open({ reads }: { reads: boolean }) {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  sockets.push(socket);
  const reader = { socket, bytes: 0, isClosed: false };
  socket.on('error', () => undefined).on('close', () => (reader.isClosed = true));
  await once(socket, 'connect');
  if (reads) socket.on('data', (chunk) => (reader.bytes += chunk.length));
  else socket.pause();
  const before = log.length;
  socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
  await eventuallyPasses(() => expect(feed.isOpen || log.length > before).toBe(true));
  return reader;
}

test('a reader that does not read gets no more, and is dropped in the end; another one is none the worse for it', async () => {
  const slow = await open({ reads: false });
  const quick = await open({ reads: true });
  await eventuallyPasses(() => expect(quick.bytes).toBeGreaterThan(0));
  const large = 'x'.repeat(1_000_000);
  // More than the buffers of both ends of a connection hold.
  for (let sent = 0; sent < 20; sent += 1) {
    const before = quick.bytes;
    feed.send('state', large);
    await eventuallyPasses(() => expect(quick.bytes).toBeGreaterThan(before + large.length));
  }
  expect(process.memoryUsage().arrayBuffers).toBeLessThan(200_000_000);
  now += 10_001;
  feed.send('state', 'small');
  slow.socket.resume();
  await eventuallyPasses(() => expect(slow.isClosed).toBe(true));
  expect([quick.isClosed, feed.isOpen, log]).toEqual([false, true, ['open']]);
});

test('it is told when the first reader comes and when the last one goes', async () => {
  const [one, two] = [await open({ reads: true }), await open({ reads: true })];
  await eventuallyPasses(() => expect(two.bytes).toBeGreaterThan(0));
  one.socket.destroy();
  two.socket.destroy();
  await eventuallyPasses(() => expect(log).toEqual(['open', 'close']));
  feed.send('state', 'to nobody');
});

test('a ring has the last so many, oldest first', () => {
  const ring = new Ring<number>(3);
  for (let item = 1; item <= 100; item += 1) ring.add(item);
  expect(ring.items).toEqual([98, 99, 100]);
});

test('traffic is that of the last ten seconds', () => {
  const counter = new TrafficCounter(() => now);
  for (let second = 0; second < 10; second += 1) {
    now = second * 1_000;
    for (let call = 0; call < 5; call += 1) counter.count(10 + call, call === 0 ? 'error' : 'ok');
  }
  expect(counter.read()).toMatchObject({ rate: 50 / 9, errors: 0.2, degraded: 0, meanMs: 12 });
  now += 60_000;
  expect(counter.read()).toEqual({ rate: 0, errors: 0, degraded: 0 });
});
