import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { httpFacts } from '../problems/problem.js';
import { PROBLEM_TYPE } from '../problems/send.js';
import { securityHeaders } from './security-headers.js';

const statuses: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Answers what is not even a request to Fastify: bad syntax, too much header, too slow. Then the connection ends. */
export function answerRawError(error: Error & { code?: string }, socket: Socket): void {
  const isAnswered =
    (socket as { _httpMessage?: { headersSent?: boolean } })._httpMessage?.headersSent ?? false;
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable || isAnswered) {
    socket.destroy();
    return;
  }
  socket.end(answerOf(statuses[error.code ?? ''] ?? 400), () => socket.destroy());
}

const answers = new Map<number, string>();

/** Made once for each status: thousands of slow connections may end in one moment. */
function answerOf(status: number): string {
  const answer = answers.get(status) ?? write(status);
  answers.set(status, answer);
  return answer;
}

function write(status: number): string {
  const { code, detail } = httpFacts(status);
  const title = STATUS_CODES[status] ?? 'Error';
  const body = JSON.stringify({ type: `urn:facet:problem:${code}`, title, status, code, detail });
  const headers = {
    ...securityHeaders,
    'content-type': PROBLEM_TYPE,
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `HTTP/1.1 ${status} ${title}\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}
