/**
 * Loaded into each service of the lab before its own `main.ts`: gives a service that speaks Nest's TCP transport a second face,
 * HTTP, which calls the same handlers, so that a client can reach it without a gateway. `GET /catalog/featured?limit=6`
 * is the operation `catalog.featured`. Its answers have what a service's own HTTP would have: a length of time for which they hold,
 * and an `ETag`.
 */
import { hash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { speakAs } from '@facet/auth/assertion';
import type { Operation } from '@facet/contracts';
import { catalog } from '@facet/shop-catalog';
import { inventory } from '@facet/shop-inventory';
import { recommendations } from '@facet/shop-recommendations';
import { FacetServer } from '@facet/transport/nest';

type Handler = (data: unknown, context: unknown) => unknown;

const contracts: readonly Readonly<Record<string, Operation>>[] = [catalog, inventory, recommendations];

const operations = new Map<string, Operation>(
  contracts
    .flatMap((contract) => Object.values(contract))
    .filter(({ kind }) => kind === 'query')
    .map((operation) => [`/${operation.service}/${operation.name}`, operation]),
);

/** By how much every answer of this process is late, over either transport. */
let slowMs = 0;

const { prototype } = FacetServer;
const { listen, handleDirectly } = prototype as {
  readonly listen: (this: FacetServer, ...args: Parameters<FacetServer['listen']>) => void;
  readonly handleDirectly: (this: FacetServer, ...args: Parameters<FacetServer['handleDirectly']>) => void;
};

prototype.handleDirectly = function (pattern, handler) {
  handleDirectly.call(this, pattern, async (data, context) => {
    if (slowMs > 0) await sleep(slowMs);
    return handler(data, context);
  });
};

prototype.listen = function (callback) {
  const handlers = this.getHandlers() as ReadonlyMap<string, Handler>;
  const port = Number(process.env['FACE_PORT']);
  createServer((request, response) => void answer(handlers, request, response)).listen(
    port,
    '127.0.0.1',
    () => listen.call(this, callback),
  );
};

async function answer(
  handlers: ReadonlyMap<string, Handler>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://face');
  if (url.pathname === '/lab/slow') {
    slowMs = Number(url.searchParams.get('ms'));
    response.end();
    return;
  }
  const operation = operations.get(url.pathname);
  const handler = operation && handlers.get(operation.pattern);
  if (operation === undefined || handler === undefined) return void response.writeHead(404).end();
  try {
    const signal = new AbortController().signal;
    const output = await handler(inputOf(url.searchParams), { signal, caller: callerFor(operation.service) });
    send(request, response, { operation, body: JSON.stringify(output) });
  } catch (error) {
    const { status = 500, code = 'internal' } = faultIn(error);
    response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify({ code }));
  }
}

function send(
  { headers }: IncomingMessage,
  response: ServerResponse,
  { operation, body }: { operation: Operation; body: string },
): void {
  const etag = `W/"${hash('sha1', body, 'base64url')}"`;
  const seconds = Math.floor((operation.freshness?.ttlMs ?? 0) / 1_000);
  const fields = { etag, 'cache-control': seconds > 0 ? `public, max-age=${seconds}` : 'no-store' };
  if (headers['if-none-match'] === etag) return void response.writeHead(304, fields).end();
  const length = Buffer.byteLength(body);
  response
    .writeHead(200, {
      ...fields,
      'content-type': 'application/json; charset=utf-8',
      'content-length': length,
    })
    .end(body);
}

/** Numbers and lists of ids are read as such; the contract checks them. */
function inputOf(query: URLSearchParams): object {
  return Object.fromEntries(
    [...query].map(([name, text]): [string, unknown] => {
      if (name === 'ids') return [name, text.split(',')];
      return [name, /^\d+$/.test(text) ? Number(text) : text];
    }),
  );
}

interface Proof {
  readonly text: string;
  readonly until: number;
}
const proofs = new Map<string, Proof>();

/** Services want to know which gateway asks: the face says that it is one. One proof serves for some seconds. */
function callerFor(service: string): string {
  const known = proofs.get(service);
  if (known !== undefined && known.until > Date.now()) return known.text;
  const text = speakAs(service)();
  proofs.set(service, { text, until: Date.now() + 5_000 });
  return text;
}

function faultIn(error: unknown): { status?: number; code?: string } {
  const { payload, status, code } = error as {
    payload?: { status?: number; code?: string };
    status?: number;
    code?: string;
  };
  return payload ?? { ...(status === undefined ? {} : { status }), ...(code === undefined ? {} : { code }) };
}
