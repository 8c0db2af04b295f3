import { hash } from 'node:crypto';
import type { Caller } from '@facet/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { varyBy } from '../http/vary.js';

/** How an answer may be stored, and by whom. */
export interface Stored {
  /** The value of `Cache-Control`; `no-store` where it may not be stored. */
  readonly cacheControl: string;
  /** The caller that it was made for, where one was proven: it is then theirs alone. */
  readonly owner: Caller | undefined;
  /** Request headers that it depends on. */
  readonly vary?: readonly string[];
}

/**
 * Sets the headers that say how long a body holds, and gives back what is to be sent: the body, or nothing with a 304
 * where the client has it already (RFC 9110, 13.1.2).
 */
export function storable(
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  body: string,
  stored: Stored,
): string | undefined {
  const { owner } = stored;
  const cacheControl =
    owner === undefined ? stored.cacheControl : stored.cacheControl.replace(/^public\b/, 'private');
  reply.header('cache-control', cacheControl);
  varyBy(reply, [...(stored.vary ?? []), ...(owner === undefined ? [] : ['Authorization', 'Cookie'])]);
  if (cacheControl !== 'no-store' && ['GET', 'HEAD'].includes(request.method)) {
    const etag = `"${tagOf(body, owner)}"`;
    reply.header('etag', etag);
    if (isKnown(request.headers['if-none-match'], etag)) {
      reply.code(304);
      return undefined;
    }
  }
  reply.header('content-type', 'application/json; charset=utf-8');
  return body;
}

/** Each caller's own: what one has been given says nothing to another, though it be the same. */
function tagOf(body: string, owner: Caller | undefined): string {
  const tag = hash('sha1', body, 'base64url');
  return owner === undefined ? tag : hash('sha1', `${owner.client} ${owner.subject} ${tag}`, 'base64url');
}

function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((each) => each.trim().replace(/^W\//, '') === etag || each.trim() === '*');
}
