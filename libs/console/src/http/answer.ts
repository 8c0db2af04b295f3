import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Refused } from './guard.js';

/** Nothing from elsewhere, nothing inline, in nobody's frame. */
const security: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** The header of every answer of the console. */
export function headersOf(type: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { ...security, 'content-type': type, 'cache-control': 'no-store', ...more };
}

export function sendBody(
  response: ServerResponse,
  { type, body, headers }: { type: string; body: string | Buffer; headers?: Record<string, string> },
): void {
  response.writeHead(200, headersOf(type, { 'content-length': String(Buffer.byteLength(body)), ...headers }));
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

export function sendJson(response: ServerResponse, value: unknown): void {
  sendBody(response, { type: 'application/json', body: JSON.stringify(value) });
}

export function refuse(response: ServerResponse, { status, title, headers = {} }: Refused): void {
  const body = JSON.stringify({ type: 'about:blank', title, status });
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, headersOf('application/problem+json', { 'content-length': length, ...headers }));
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

/** The body as JSON; undefined where it is too large or no JSON object. */
export async function readJson(
  request: IncomingMessage,
  mostBytes = 4_096,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) return undefined;
    chunks.push(chunk);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
