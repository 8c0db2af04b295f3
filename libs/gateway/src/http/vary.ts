import type { FastifyReply } from 'fastify';

/** The request headers that an answer depends on, as far as they are named by now. */
export function variedBy(reply: FastifyReply): readonly string[] {
  return [reply.getHeader('vary') ?? []].flat().flatMap((each) => String(each).split(/\s*,\s*/));
}

/** Names request headers that an answer depends on, beside those that are named already: CORS names `Origin`. */
export function varyBy(reply: FastifyReply, names: readonly string[]): void {
  const named = variedBy(reply);
  const known = new Set(named.map((each) => each.toLowerCase()));
  const added = names.filter((each) => !known.has(each.toLowerCase()));
  if (added.length > 0) reply.header('vary', [...named, ...added].join(', '));
}
