import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { Fault } from './fault.js';
import { listening } from './listen.js';
import { exposition } from './metrics/registry.js';

/** Resolves where the thing it asks about can be used, rejects with the reason where it cannot. */
export type Check = () => Promise<void> | void;

/** Pages of another's on the admin port: everything under `prefix`. */
export interface AdminPages {
  /** `/console` */
  readonly prefix: string;
  /** Answers by itself, whatever is asked. */
  readonly answer: (request: IncomingMessage, response: ServerResponse) => void;
}

export interface AdminOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** What must work before requests are wanted here; none by default. */
  readonly checks?: Readonly<Record<string, Check>>;
  /** What `/health/ready` shows beside its own word, whatever that is. */
  readonly shown?: () => Readonly<Record<string, unknown>>;
  readonly metrics?: Registry;
  readonly pages?: AdminPages | undefined;
  /** How long one check may take, in milliseconds. Default 2,000. */
  readonly checkTimeoutMs?: number;
  /** Whether it says "ready" from the start. Default true. */
  readonly ready?: boolean;
}

export interface AdminServer {
  /** `http://127.0.0.1:3001` */
  readonly url: string;
  /** False while starting or stopping: `/health/ready` says 503 whatever the checks say. */
  setReady(ready: boolean): void;
  stop(): Promise<void>;
}

/**
 * `/health/live`, `/health/ready` and `/metrics`, on a port apart from the public one.
 *
 * @throws StartError where the port is taken
 */
export async function startAdmin(options: AdminOptions): Promise<AdminServer> {
  const state = { ready: options.ready ?? true };
  const server = createServer((request, response) => {
    if (isUnder(options.pages?.prefix, request.url)) return options.pages?.answer(request, response);
    void answer(request, options, state).then((reply) => send(response, reply));
  });
  server.requestTimeout = 5_000;
  await listening(server, { host: options.host, port: options.port, variable: 'ADMIN_PORT' });
  return {
    url: `http://${options.host}:${(server.address() as AddressInfo).port}`,
    setReady: (ready) => void (state.ready = ready),
    stop: () => close(server),
  };
}

function isUnder(prefix: string | undefined, url = '/'): boolean {
  return prefix !== undefined && url.startsWith(prefix) && /^[/?]?$/.test(url.charAt(prefix.length));
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Record<string, string>;
}

async function answer(
  request: IncomingMessage,
  options: AdminOptions,
  state: { ready: boolean },
): Promise<Reply> {
  const path = (request.url ?? '/').split('?', 1)[0];
  if (!['/health/live', '/health/ready', '/metrics'].includes(path ?? '')) return problem(404, 'Not Found');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return { ...problem(405, 'Method Not Allowed'), headers: { allow: 'GET, HEAD' } };
  }
  if (path === '/health/live') return json(200, { status: 'live' });
  if (path === '/health/ready') return readiness(options, state);
  return { status: 200, ...(await exposition(options.metrics ?? new Registry(), request.headers.accept)) };
}

async function readiness(
  { checks = {}, checkTimeoutMs = 2_000, shown }: AdminOptions,
  state: { ready: boolean },
) {
  if (!state.ready)
    return problem(503, 'Not ready', { status: 503, detail: 'starting or stopping', missing: [] });
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => ({
      name,
      reason: await reasonOf(check, checkTimeoutMs),
    })),
  );
  const missing = results.filter(({ reason }) => reason !== undefined);
  const beside = shown?.() ?? {};
  if (missing.length === 0)
    return json(200, { status: 'ready', checks: results.map(({ name }) => name), ...beside });
  const detail = `waiting for ${missing.map(({ name }) => name).join(', ')}`;
  return problem(503, 'Not ready', { detail, missing, ...beside });
}

/** Why the check fails; undefined where it does not. Only what a Fault says is shown, else an error's code. */
async function reasonOf(check: Check, timeoutMs: number): Promise<string | undefined> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Fault('check.timeout', 503, `no answer in ${timeoutMs} ms`)),
    timeoutMs,
  );
  try {
    await Promise.race([check(), late]);
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error.message;
    const { code } = error as { code?: unknown };
    return typeof code === 'string' ? code : 'failed';
  } finally {
    clearTimeout(timer);
  }
}

function json(status: number, body: unknown): Reply {
  return { status, type: 'application/json', body: JSON.stringify(body) };
}

function problem(status: number, title: string, more: Record<string, unknown> = {}): Reply {
  const body = JSON.stringify({ type: 'about:blank', title, status, ...more });
  return { status, type: 'application/problem+json', body };
}

function send(response: ServerResponse, { status, type, body, headers }: Reply): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
