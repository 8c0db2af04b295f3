import fastify, { LogController, type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import type pg from 'pg';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { reviewsOf, type Page } from './reviews.js';

const OF_PRODUCT = {
  params: {
    type: 'object',
    properties: { productId: { type: 'string', minLength: 1, maxLength: 64 } },
  },
  querystring: {
    type: 'object',
    properties: {
      page: { type: 'integer', minimum: 1, maximum: 10_000, default: 1 },
      pageSize: { type: 'integer', minimum: 1, maximum: 100, default: 10 },
    },
  },
} as const;

/** The service's API. Errors are problems as RFC 9457 has them. */
export function createServer(pool: pg.Pool, logLevel: string): FastifyInstance {
  const app = fastify({
    logger: { level: logLevel, name: 'reviews' },
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if ((error.statusCode ?? 500) < 500) return problem(reply, 400, 'reviews.invalid', error.message);
    request.log.error({ err: error }, 'a request failed');
    // A client may ask again: mostly the database is away.
    return problem(reply.header('retry-after', '1'), 503, 'reviews.unavailable', 'Reviews are not available');
  });
  app.setNotFoundHandler((_, reply) => problem(reply, 404, 'reviews.no-route', 'There is nothing here'));
  app.get<{ Params: { productId: string }; Querystring: Page }>(
    '/products/:productId/reviews',
    { schema: OF_PRODUCT },
    async ({ params, query }, reply) =>
      (await reviewsOf(pool, params.productId, query)) ??
      problem(reply, 404, 'reviews.product-not-found', 'There is no such product'),
  );
  return app;
}

/** Health and metrics, on a port of their own. */
export function createAdmin(pool: pg.Pool): FastifyInstance {
  const app = fastify({ forceCloseConnections: true });
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  app.get('/health/live', () => ({ status: 'up' }));
  app.get('/health/ready', async () => {
    await pool.query('select 1');
    return { status: 'up' };
  });
  app.get('/metrics', async (_, reply) => reply.type(registry.contentType).send(await registry.metrics()));
  return app;
}

function problem(reply: FastifyReply, status: number, code: string, title: string): FastifyReply {
  return reply.code(status).type('application/problem+json').send({ status, code, title });
}
