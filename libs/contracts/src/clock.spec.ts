import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { systemClock } from './clock.js';

const closers: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

test('what arrived while the process stood still is read before anything is called late', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  closers.push(() => server.close());
  await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [peer] = await accepted;
  closers.push(
    () => client.destroy(),
    () => peer.destroy(),
  );

  const seen: string[] = [];
  client.on('data', () => seen.push('answer'));
  const late = new Promise<void>((resolve) => {
    systemClock.after(10, () => resolve(void seen.push('late')));
  });
  systemClock.after(10, () => seen.push('taken back'))();
  peer.write('answer');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  await late;
  expect(seen).toEqual(['answer', 'late']);
});
