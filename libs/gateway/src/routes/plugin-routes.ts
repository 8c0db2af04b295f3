import type { FastifyInstance } from 'fastify';
import type { PluginRoute } from '@facet/access';
import { StartError } from '@facet/platform';
import type { Plugin } from '../auth.js';
import type { RateLimits } from '../rate-limit/rate-limits.js';
import { countAddress } from '../rate-limit/anonymous.js';
import { contextOf } from '../request/context.js';
import type { ProblemFilter } from '../problems/filter.js';

export interface PluginRoutes {
  readonly plugin: Plugin | undefined;
  /** The routes that it may have; pages may be any that are only read. */
  readonly paths: readonly PluginRoute[] | 'pages';
  readonly rateLimits: RateLimits | undefined;
}

/**
 * Registers routes that are not Nest's; their errors look the same.
 *
 * @throws StartError for one that does not say who may use it, or one that is declared and not there
 */
export async function registerPluginRoutes(
  instance: FastifyInstance,
  { plugin, paths, rateLimits }: PluginRoutes,
  problems: ProblemFilter,
): Promise<void> {
  if (plugin === undefined) return;
  const found = new Set<string>();
  await instance.register(async (scope) => {
    scope.setErrorHandler((error, request, reply) => problems.answer(error, request, reply));
    scope.addHook('onRoute', ({ method, url }) => {
      for (const each of [method].flat()) if (each !== 'HEAD') found.add(`${each} ${url}`);
    });
    // Before anybody is proven, so that a sign-in cannot be tried as often as one likes.
    scope.addHook('onRequest', async (request) => {
      const context = contextOf(request);
      const limited = context && (await countAddress(rateLimits, context));
      if (limited !== undefined) throw limited;
    });
    await plugin(scope);
  });
  check(found, paths);
}

function check(found: ReadonlySet<string>, paths: PluginRoutes['paths']): void {
  if (paths === 'pages') {
    const written = [...found].filter((name) => !name.startsWith('GET '));
    if (written.length > 0) throw new StartError(`pages are only read, these are not: ${written.join(', ')}`);
    return;
  }
  const declared = new Set(paths.map(({ method, path }) => `${method} ${path}`));
  const silent = [...found].filter((name) => !declared.has(name));
  if (silent.length > 0)
    throw new StartError(`these routes do not say who may use them: ${silent.join(', ')}`);
  const missing = [...declared].filter((name) => !found.has(name));
  if (missing.length > 0)
    throw new StartError(`these routes are declared and not there: ${missing.join(', ')}`);
}
