import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { continueTrace, type Logger } from '@facet/platform';
import type { FastifyInstance } from 'fastify';
import { httpFacts } from '../problems/problem.js';
import { PROBLEM_TYPE } from '../problems/send.js';
import type { Cors } from './cors.js';
import { latestResponse, noteResponses } from './latest-response.js';
import { securityHeaders } from '../reply/security-headers.js';

const statuses: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** `_httpMessage`: the response whose turn it is on the connection. */
type HttpSocket = Socket & { readonly _httpMessage?: ServerResponse | null };

/** Answers, on the connection itself, what never becomes a request to Fastify. */
export class RawErrors {
  readonly #ending = new WeakSet<Duplex>();

  constructor(
    private readonly logger: Logger,
    private readonly cors: Cors | undefined,
  ) {}

  watch({ server }: FastifyInstance): void {
    noteResponses(server);
    server.on('connect', (_request, socket) => this.#answer(socket, 501));
  }

  /**
   * For bad syntax, too much header, too slow. What was whole before it is answered first, nothing is answered twice, and
   * the connection ends.
   */
  refuse(error: Error & { code?: string }, socket: HttpSocket): void {
    if (this.#ending.has(socket)) return;
    if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
      socket.destroy();
      return;
    }
    const status = statuses[error.code ?? ''] ?? 400;
    const latest = latestResponse(socket);
    if (latest === undefined) this.#answer(socket, status);
    else if (latest.req.complete) this.#after(latest, socket, status);
    else if (latest.headersSent) socket.destroy();
    else if (socket._httpMessage === latest) this.#answer(socket, status, latest.req.headers.origin);
    else this.#endAfter(socket._httpMessage ?? latest, socket);
  }

  /** The error is in what follows a request that is whole. */
  #after(latest: ServerResponse, socket: Duplex, status: number): void {
    if (latest.writableFinished) this.#answer(socket, status);
    else this.#endAfter(latest, socket);
  }

  #endAfter(response: ServerResponse, socket: Duplex): void {
    this.#ending.add(socket);
    response.shouldKeepAlive = false;
    response.once('close', () => socket.end());
  }

  /** `origin` of the request that is refused, where its headers could be read. */
  #answer(socket: Duplex, status: number, origin?: string): void {
    this.#ending.add(socket);
    const requestId = randomUUID();
    const { traceId } = continueTrace(undefined);
    const { code, detail } = httpFacts(status);
    this.logger.info({ status, requestId, traceId, problem: code }, 'answered');
    const title = STATUS_CODES[status] ?? 'Error';
    const body = JSON.stringify({ type: `urn:facet:problem:${code}`, title, status, code, detail, traceId });
    const cors = this.cors === undefined ? [] : ['vary', 'Origin', ...(this.cors.fieldsFor(origin) ?? [])];
    const fields = linesOf([...cors, 'x-request-id', requestId]);
    socket.end(
      `HTTP/1.1 ${status} ${title}\r\n${HEADERS}${fields}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      () => socket.destroy(),
    );
  }
}

/** Put together once: thousands of slow connections may end in one moment. */
const HEADERS = linesOf([
  ...Object.entries(securityHeaders).flat(),
  ...['content-type', PROBLEM_TYPE, 'cache-control', 'no-store', 'connection', 'close'],
]);

/** Names and values in turns, as lines. */
function linesOf(fields: readonly string[]): string {
  let lines = '';
  for (let index = 0; index < fields.length; index += 2)
    lines += `${fields[index]}: ${fields[index + 1]}\r\n`;
  return lines;
}
