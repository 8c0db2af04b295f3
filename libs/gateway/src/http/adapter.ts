import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Fault } from '@facet/platform';
import type { GatewayConfig } from '../config.js';
import { refusalOf } from '../problems/problem.js';
import { sendProblem } from '../problems/send.js';
import { takeOnlyJson } from './json-body.js';
import { answerRawError } from './raw-errors.js';
import { trustIn } from './trusted-proxies.js';

const MAX_HEADER_BYTES = 16_384;
const MAX_URL_CHARACTERS = 8_192;
/** A client that has connected must have sent its headers by then; silence counts too. */
const HEADERS_TIMEOUT_MS = 5_000;
/** …and its body by then. */
const REQUEST_TIMEOUT_MS = 14_000;
/** Longer than any answer takes: ends connections on which nothing moves at all. */
const IDLE_TIMEOUT_MS = 60_000;

/** Fastify with every bound set before any code of ours runs. */
export function createAdapter({ http }: GatewayConfig): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: http.maxBodyBytes,
    connectionTimeout: Math.max(IDLE_TIMEOUT_MS, http.requestTimeoutMs + 1_000),
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: 30_000,
    http: {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      connectionsCheckingInterval: 500,
      requireHostHeader: false,
    },
    trustProxy: http.trustedProxies.length > 0 && trustIn(http.trustedProxies),
    routerOptions: { maxParamLength: 256 },
    return503OnClosing: false,
    clientErrorHandler: answerRawError,
    frameworkErrors: (error: unknown, _request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(reply, refusalOf(error)),
  });
  takeOnlyJson(adapter.getInstance());
  return adapter;
}

/** Refuses, before anything of it is read, what Node and Fastify would let pass. */
export function refuseOddRequests(instance: FastifyInstance): void {
  instance.addHook('onRequest', (request, _reply, done) => done(faultOf(request)));
}

function faultOf({ raw }: FastifyRequest): Fault | undefined {
  if ((raw.url?.length ?? 0) > MAX_URL_CHARACTERS) {
    return new Fault('http.uri-too-long', 414, `An address may have ${MAX_URL_CHARACTERS} characters.`);
  }
  if (raw.httpVersionMajor < 1) return badRequest('HTTP/1.1 is spoken here.');
  const hosts = raw.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  if (hosts.length > 1 || (hosts.length === 0 && raw.httpVersion === '1.1')) {
    return badRequest('A request has one Host header.');
  }
  const encoding = raw.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    return new Fault('http.unsupported-media-type', 415, 'A body may not be compressed.');
  }
  return undefined;
}

function badRequest(message: string): Fault {
  return new Fault('http.bad-request', 400, message);
}
