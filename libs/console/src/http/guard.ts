import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export interface Refused {
  readonly status: number;
  readonly title: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const LOOPBACK_OR_IP = /^(?:localhost|(?:\d{1,3}\.){3}\d{1,3}|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/**
 * Only `localhost` and addresses: a name of a stranger's that resolves to this machine (DNS rebinding) would be in `Host`, and an
 * address cannot be rebound.
 */
export function refusedHost({ headers }: IncomingMessage): Refused | undefined {
  if (LOOPBACK_OR_IP.test(headers.host ?? '')) return undefined;
  return { status: 421, title: 'The console answers to localhost and to IP addresses only' };
}

const THIS_MACHINE = /^(?:::ffff:)?127\.|^::1$/;

/** Where there is no token, this machine alone is answered, whatever the admin port is bound to. */
export function refusedPeer(address: string | undefined): Refused | undefined {
  if (address !== undefined && THIS_MACHINE.test(address)) return undefined;
  return { status: 403, title: 'Without CONSOLE_TOKEN the console answers to its own machine alone' };
}

/**
 * What may read data: the console's own page, and what is no browser. Other pages cannot read an answer anyway, as there is no
 * CORS; they shall not cause any work either.
 */
export function refusedReader(
  { headers }: IncomingMessage,
  isTokenRight: ((header: string | undefined) => boolean) | undefined,
): Refused | undefined {
  const site = headers['sec-fetch-site'];
  const isOwn = site === undefined || site === 'same-origin' || site === 'none';
  if (!isOwn || !isOwnOrigin(headers)) return { status: 403, title: 'Only the console itself may ask this' };
  if (isTokenRight === undefined || isTokenRight(headers.authorization)) return undefined;
  return { status: 401, title: 'The console needs its token', headers: { 'www-authenticate': 'Bearer' } };
}

function isOwnOrigin({ origin, host }: IncomingMessage['headers']): boolean {
  return origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
}

/** Compares digests, so that the time taken tells neither the token nor its length. */
export function tokenCheck(token: string): (header: string | undefined) => boolean {
  const expected = digest(`Bearer ${token}`);
  return (header) => timingSafeEqual(digest(header ?? ''), expected);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
