import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { endIdleConnections } from '../src/http/connections.js';
import { noteResponses } from '../src/http/latest-response.js';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

test('T1 a connection on which nothing but empty lines follows an answer ends, one that is used goes on', async () => {
  const server = createServer((_request, response) => response.end('here'));
  noteResponses(server);
  endIdleConnections(server, { afterMs: 400, everyMs: 20 });
  server.listen(0, '127.0.0.1');
  closers.push(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const open = (): Socket => {
    const socket = connect(port, '127.0.0.1');
    closers.push(() => socket.destroy());
    return socket.on('error', () => undefined).resume();
  };
  const [idle, used] = [open(), open()];
  idle.write(GET);
  const talk = setInterval(() => {
    idle.write('\r\n');
    used.write(GET);
  }, 30);
  closers.push(() => clearInterval(talk));
  // A reset ends it as well: the server may not have read the last of the empty lines.
  await new Promise((resolve) => idle.once('close', resolve));
  expect(used.destroyed).toBe(false);
  used.write(GET);
  await once(used, 'data');
});
