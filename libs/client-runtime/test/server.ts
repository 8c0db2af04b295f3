import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from '@jest/globals';
import { bindOperations, type ClientOptions, type Endpoint, type StreamedEndpoint } from '../src/index.js';

/** A request as it has arrived. */
export interface Arrived {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

type Handler = (arrived: Arrived, response: ServerResponse, count: number) => void | Promise<void>;

const closing: (() => Promise<unknown>)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

/** A server on a free port of this machine that answers as `handle` says; ended after the test. */
export async function serve(handle: Handler): Promise<{ url: string; arrived: Arrived[] }> {
  const arrived: Arrived[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then(async (body) => {
      const { method = '', url = '', headers } = request;
      const each = { method, url, headers: headers as Arrived['headers'], body };
      await handle(each, response, arrived.push(each));
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  closing.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, arrived };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

export const json = (response: ServerResponse, value: unknown, headers: Record<string, string> = {}) =>
  void response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));

export function problem(
  response: ServerResponse,
  status: number,
  code: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/problem+json', ...headers });
  response.end(JSON.stringify({ type: `urn:facet:problem:${code}`, title: '', status, code, detail: '' }));
}

interface Item {
  readonly id: string;
  readonly meta?: { degraded?: { part: 'price' | 'stock'; reason: string }[] };
}

export type ItemPiece =
  | { event: 'first'; value: { id: string } }
  | { event: 'part'; part: 'price'; value?: number; missing?: string }
  | { event: 'end'; meta: { degraded?: { part: 'price'; reason: string }[] } };

/** A client as the generator makes them. */
export interface Shop {
  item: StreamedEndpoint<
    { path: { id: string }; query?: { sizes?: number[]; all?: boolean } },
    { 200: Item },
    { 'item.gone': 410; 'overload.shed': 503 },
    ItemPiece
  >;
  order: Endpoint<{ body: { lines: number[] } }, { 201: { id: string } }, { 'item.gone': 409 }>;
  touch: Endpoint<{ path: { id: string } }, { 200: Item }, { 'item.gone': 410 }>;
}

export const shopAt = (baseUrl: string, options: ClientOptions = {}): Shop =>
  bindOperations<Shop>(
    {
      item: {
        method: 'GET',
        path: '/items/{id}',
        query: ['sizes', 'all'],
        codes: ['item.gone', 'overload.shed'],
      },
      order: { method: 'POST', path: '/orders', once: true },
      touch: { method: 'POST', path: '/items/{id}/touch' },
    },
    { baseUrl, ...options },
  );
