import type { FastifyReply } from 'fastify';

/** On every answer, whatever it is. An API answers with data; a page sets a wider policy itself. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};

const all = Object.entries(securityHeaders);

/**
 * Leaves what a route has already set. On Fastify's reply rather than on Node's message below it, where a first header
 * makes the sending of all others dearer.
 */
export function setSecurityHeaders(reply: FastifyReply): void {
  for (const [name, value] of all) if (!reply.hasHeader(name)) reply.header(name, value);
}
