import { randomUUID } from 'node:crypto';
import type { Audit, AuthRequest } from '@facet/access';
import { Fault } from '@facet/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sessionChallenge } from './authenticator.js';
import { errorPage, wantsPage } from './error-page.js';
import type { Answer, Endpoints } from './endpoints.js';

export interface SessionRoutesOptions {
  readonly endpoints: Endpoints;
  /** Where browsers find the gateway. */
  readonly publicOrigin: string;
  /** Told of who was turned away. */
  readonly audit?: Audit;
}

const FORM = 'application/x-www-form-urlencoded';
const FORM_LIMIT_BYTES = 16_384;

/**
 * The routes below /auth as a Fastify plugin: `app.register(sessionRoutes(options))`. Faults go to the application's
 * error handler. A body is taken by the back channel alone, and there a form alone.
 */
export function sessionRoutes(options: SessionRoutesOptions) {
  const { endpoints, publicOrigin, audit } = options;
  const read = (request: FastifyRequest, reply: FastifyReply) => ({
    method: request.method,
    headers: headersOf(request),
    url: new URL(request.raw.url ?? '/', publicOrigin),
    requestId: requestIdOf(reply),
  });

  return async function routes(app: FastifyInstance): Promise<void> {
    app.removeAllContentTypeParsers();
    app.addHook('onError', (request, reply, error, done) => {
      const { method, routeOptions } = request;
      if (isDenial(error)) {
        reply.headers(sessionChallenge(error));
        audit?.({
          ...{ type: 'access', outcome: 'denied', code: error.code, requestId: requestIdOf(reply) },
          target: `${method} ${routeOptions.url ?? ''}`,
        });
      }
      done();
    });
    await app.register((pages, _, done) => {
      pages.setErrorHandler(answerWithPage);
      pages.get('/auth/login', async (request, reply) =>
        send(reply, await endpoints.login(read(request, reply))),
      );
      pages.get('/auth/callback', async (request, reply) =>
        send(reply, await endpoints.callback(read(request, reply))),
      );
      done();
    });
    app.get('/auth/user', async (request, reply) => send(reply, await endpoints.user(read(request, reply))));
    app.post('/auth/logout', async (request, reply) =>
      send(reply, await endpoints.logout(read(request, reply))),
    );
    app.get('/auth/sessions', async (request, reply) =>
      send(reply, await endpoints.list(read(request, reply))),
    );
    app.delete('/auth/sessions', async (request, reply) =>
      send(reply, await endpoints.endOthers(read(request, reply))),
    );
    app.delete<{ Params: { id: string } }>('/auth/sessions/:id', async (request, reply) =>
      send(reply, await endpoints.endOthers(read(request, reply), request.params.id)),
    );
    await app.register((channel, _, done) => {
      channel.addContentTypeParser(
        FORM,
        { parseAs: 'string', bodyLimit: FORM_LIMIT_BYTES },
        (_, body, done) => done(null, new URLSearchParams(String(body))),
      );
      channel.post('/auth/backchannel-logout', async (request, reply) => {
        const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
        return send(reply, await endpoints.backchannelLogout(form, read(request, reply)));
      });
      done();
    });
  };
}

/** Where a browser shows what it is answered, a person reads it; everybody else gets the application's own errors. */
function answerWithPage(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const vary = reply.getHeader('vary');
  reply.header('vary', vary === undefined ? 'Accept' : `${String(vary)}, Accept`);
  if (!(error instanceof Fault) || !wantsPage(request.headers.accept)) throw error;
  const { status, retryAfterMs } = error;
  reply.status(status).header('cache-control', 'no-store');
  if (retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(retryAfterMs / 1_000));
  return reply.type('text/html; charset=utf-8').send(errorPage(error));
}

function send(reply: FastifyReply, { status, location, cookies, body }: Answer): FastifyReply {
  reply.status(status).header('cache-control', 'no-store');
  if (cookies !== undefined) reply.header('set-cookie', [...cookies]);
  if (location !== undefined) reply.header('location', location);
  return reply.send(body);
}

/** The application has named the request in its answer, if it names them at all. */
function requestIdOf(reply: FastifyReply): string {
  return String(reply.getHeader('x-request-id') ?? randomUUID());
}

function isDenial(error: unknown): error is Fault {
  return error instanceof Fault && (error.status === 401 || error.status === 403);
}

function headersOf({ raw }: FastifyRequest): AuthRequest['headers'] {
  const { rawHeaders } = raw;
  return Array.from({ length: rawHeaders.length / 2 }, (_, index) => [
    (rawHeaders[index * 2] ?? '').toLowerCase(),
    rawHeaders[index * 2 + 1] ?? '',
  ]);
}
