import { hash } from 'node:crypto';
import type { Caller } from '@facet/contracts';

/** A strong `ETag` for a body. That of a caller's own answer is theirs alone: it says nothing to another, though the body be the same. */
export function etagOf(body: string | Buffer, owner?: Caller): string {
  const tag = hash('sha1', body, 'base64url');
  return owner === undefined
    ? `"${tag}"`
    : `"${hash('sha1', `${owner.client} ${owner.subject} ${tag}`, 'base64url')}"`;
}

/** Whether a client says in `If-None-Match` that it has what `etag` stands for (RFC 9110, 13.1.2). */
export function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((each) => each.trim().replace(/^W\//, '') === etag || each.trim() === '*');
}
