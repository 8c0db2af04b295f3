import type { FastifyInstance, HTTPMethods } from 'fastify';
import { Fault } from '@facet/platform';
import { COUNTS_ADDRESS } from '../request/endpoint.js';
import { httpFacts } from '../problems/problem.js';

const ALL: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Those that a route can take. */
export const METHODS: ReadonlySet<string> = new Set(ALL);

/** Remembers which methods each path takes; calling what it gives back makes all others a 405 that names them. */
export function refuseOtherMethods(instance: FastifyInstance): () => void {
  const taken = new Map<string, Set<string>>();
  instance.addHook('onRoute', ({ url, method }) => {
    const methods = taken.get(url) ?? new Set();
    for (const each of [method].flat()) methods.add(each);
    taken.set(url, methods);
  });
  return () => {
    for (const [url, methods] of [...taken]) {
      const others = ALL.filter((method) => !methods.has(method));
      const allow = ALL.filter((method) => methods.has(method)).join(', ');
      if (others.length === 0 || url.includes('*')) continue;
      instance.route({
        method: [...others],
        url,
        config: COUNTS_ADDRESS,
        handler: (_request, reply) => {
          reply.header('allow', allow);
          const { code, status, detail } = httpFacts(405);
          throw new Fault(code, status, detail);
        },
      });
    }
  };
}
