import { createClock, eventually } from '@facet/testing';
import { expect, test } from '@jest/globals';
import { Connection } from './connection.js';

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
