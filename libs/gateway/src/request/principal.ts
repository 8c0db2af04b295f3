import { createHash } from 'node:crypto';
import { normalizeIp } from '../http/throttler.js';

/** IPv6 by its /64: a client with one address of it has them all. */
export function addressKey(address: string): string {
  return `address:${normalizeIp(address)}`;
}

/** Says nothing of the person to who reads it. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
