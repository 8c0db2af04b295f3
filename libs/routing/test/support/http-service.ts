import { once } from 'node:events';
import { createServer as createPlain, type Server as PlainServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { command, id, query, service } from '@facet/contracts';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { z } from 'zod';

const userId = id('user', { owner: 'nobody', schema: z.string() });

const echo = z.object({
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.unknown(),
});

/** A service that speaks HTTP, as it would be without us. */
export const users = service('users', {
  echo: query({
    summary: 'What was asked for',
    http: {
      method: 'GET',
      path: '/users/{id}/orders/{order}',
      query: { 'page[size]': 'size', tag: 'tags' },
      headers: { 'accept-language': 'locale' },
    },
    input: z.object({
      id: userId,
      order: z.union([z.string(), z.int()]),
      size: z.int().optional(),
      tags: z.array(z.string()).optional(),
      locale: z.string().optional(),
      note: z.string().optional(),
    }),
    output: echo,
  }),
  update: command({
    summary: 'Changes a user',
    http: { method: 'PUT', path: '/users/{id}', query: ['dry'] },
    input: z.object({ id: userId, dry: z.boolean(), name: z.string(), tags: z.array(z.string()).optional() }),
    output: echo,
  }),
  replace: command({
    summary: 'Puts a document',
    http: {
      method: 'POST',
      path: '/documents/{id}',
      body: 'document',
      headers: { 'idempotency-key': 'key' },
    },
    input: z.object({ id: userId, key: z.string(), document: z.unknown() }),
    output: echo,
  }),
  answer: query({
    summary: 'Answers as it is told to',
    http: { method: 'GET', path: '/answers/{how}' },
    input: z.object({ how: z.string() }),
    output: z.object({ ok: z.boolean() }),
    errors: { 'users.gone': 410 },
  }),
  report: query({
    summary: 'A large answer that seldom changes',
    http: { method: 'GET', path: '/report', headers: { 'accept-language': 'locale' } },
    input: z.object({ locale: z.string() }),
    output: z.object({ text: z.string() }),
    freshness: { ttlMs: 60_000, fromService: true },
  }),
  remove: command({
    summary: 'Answers nothing',
    http: { method: 'DELETE', path: '/users/{id}' },
    input: z.object({ id: userId }),
    output: z.undefined(),
  }),
  text: query({
    summary: 'Answers a text',
    http: { method: 'GET', path: '/text' },
    input: z.object({}),
    output: z.string(),
  }),
  write: command({
    summary: 'Answers as it is told to',
    http: { method: 'POST', path: '/answers/{how}' },
    input: z.object({ how: z.string() }),
    output: z.object({ ok: z.boolean() }),
  }),
});

export type Answering = (app: FastifyInstance) => void;

export interface HttpService {
  readonly address: string;
  readonly app: FastifyInstance;
  /** Requests but probes, by method and path. */
  readonly seen: string[];
  readonly close: () => Promise<void>;
}

function echoOf(request: FastifyRequest) {
  const { method, url, body } = request;
  return { method, url, headers: request.headers, body: body ?? null };
}

/** A plain Fastify app on a free port, with nothing of ours in it. */
export async function startHttp(
  answering: Answering = () => undefined,
  options: { readonly port?: number; readonly https?: { readonly key: string; readonly cert: string } } = {},
): Promise<HttpService> {
  const app = (options.https === undefined
    ? fastify()
    : fastify({ https: options.https })) as unknown as FastifyInstance;
  const seen: string[] = [];
  app.addHook('onRequest', async ({ method, url }) => {
    await Promise.resolve();
    if (method !== 'HEAD') seen.push(`${method} ${url}`);
  });
  app.get('/users/:id/orders/:order', echoOf);
  app.put('/users/:id', echoOf);
  app.post('/documents/:id', echoOf);
  app.delete('/users/:id', (_, reply) => reply.code(204).send());
  app.get('/text', (_, reply) => reply.type('text/plain').send('plain “text”'));
  answering(app);
  await app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    ...{ address: `127.0.0.1:${port}`, app, seen },
    close: async () => {
      app.server.closeAllConnections();
      await app.close();
    },
  };
}

export interface RawService {
  readonly address: string;
  /** Sockets that are open. */
  readonly sockets: Set<Socket>;
  readonly close: () => Promise<void>;
}

/** Answers probes well, and every other request with the bytes that `answer` writes. */
export async function startRaw(answer: (socket: Socket, head: string) => void): Promise<RawService> {
  const sockets = new Set<Socket>();
  const server: PlainServer = createPlain((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      const head = bytes.toString('latin1');
      if (head.startsWith('HEAD ')) socket.write('HTTP/1.1 204 No Content\r\n\r\n');
      else answer(socket, head);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    sockets,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
