import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestContext } from './context.js';
import { endpointOf } from './endpoint.js';
import { OpenRequests } from './open-requests.js';

const closers: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

test('what arrived while the process stood still is read before the answer is called late', async () => {
  const seen: string[] = [];
  const late = Promise.withResolvers<void>();
  const server = createServer((incoming, raw) => {
    const reply = { raw } as FastifyReply;
    const requests = new OpenRequests({ answerMs: 20, readMs: 1_000 });
    const request = { raw: incoming, headers: incoming.headers } as FastifyRequest;
    const { signal } = new RequestContext(requests, request, reply, endpointOf('/'));
    signal.addEventListener('abort', () => late.resolve(void seen.push('late')));
    incoming.on('data', () => seen.push('arrived'));
  }).listen(0, '127.0.0.1');
  closers.push(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = request({ port, host: '127.0.0.1', method: 'POST' }).on('error', () => undefined);
  closers.push(() => client.destroy());
  const opened = once(server, 'request');
  client.flushHeaders();
  await opened;

  client.write('something');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
  await late.promise;
  expect(seen).toEqual(['arrived', 'late']);
});
