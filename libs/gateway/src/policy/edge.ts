import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import cors from '@fastify/cors';
import { Fault } from '@facet/platform';
import type { CompressionPolicy, CorsPolicy } from '@facet/policy';
import type { FastifyInstance } from 'fastify';

const MAX_AGE_SECONDS = 600;
const INCOMPLETE = 'A preflight request names its Origin and the method that it asks for.';

/** Lets pages of the listed origins call. Never with cookies: who brings those is a page of the gateway's own. */
export async function allowOrigins(instance: FastifyInstance, { origins }: CorsPolicy): Promise<void> {
  const listed = new Set(origins);
  // The library would refuse these in plain text.
  instance.addHook('onRequest', ({ method, headers }, _reply, done) => {
    const isWhole = headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
    done(method === 'OPTIONS' && !isWhole ? new Fault('http.bad-request', 400, INCOMPLETE) : undefined);
  });
  await instance.register(cors, {
    origin: (origin, done) => done(null, origin !== undefined && listed.has(origin)),
    credentials: false,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'if-none-match', 'traceparent'],
    exposedHeaders: [
      ...['etag', 'location', 'retry-after', 'ratelimit', 'ratelimit-policy'],
      ...['idempotency-replayed', 'server-timing', 'x-request-id', 'deprecation', 'sunset'],
    ],
    maxAge: MAX_AGE_SECONDS,
    strictPreflight: true,
  });
}

/** Good enough for JSON at a fraction of the time that the default of 11 takes. */
const BROTLI_QUALITY = 4;

/**
 * Sends JSON smaller to who takes it so. Streams of pieces are left alone, since a piece has to leave when it is ready.
 * No answer holds a secret of its reader's beside what somebody else may have put into it, so its length tells nothing.
 */
export async function compressAnswers(
  instance: FastifyInstance,
  { fromBytes = 1_024 }: CompressionPolicy,
): Promise<void> {
  await instance.register(compress, {
    threshold: fromBytes,
    encodings: ['br', 'gzip'],
    customTypes: /^application\/(?:problem\+)?json\b/,
    globalDecompression: false,
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } },
  });
  instance.addHook('onSend', (_request, reply, _payload, done) => {
    const etag = reply.getHeader('etag');
    // The same answer in another form has other bytes: its tag may only say that the two mean the same (RFC 9110, 8.8.3.3).
    if (typeof etag === 'string' && etag.startsWith('"')) reply.header('etag', `W/${etag}`);
    done();
  });
}
