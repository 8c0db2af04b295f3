import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Fault } from '@facet/platform';
import type { RequestLimits } from '@facet/policy';
import type { GatewayConfig } from '../config.js';
import { refusalOf } from '../problems/problem.js';
import { sendProblem } from '../problems/send.js';
import { boundConnections } from './connections.js';
import { takeOnlyJson } from './json-body.js';
import { answerRawError } from './raw-errors.js';
import { trustIn } from './trusted-proxies.js';

/** Longer than any answer takes: ends connections on which nothing moves at all. */
const IDLE_TIMEOUT_MS = 60_000;

/** Fastify with every bound set before any code of ours runs. */
export function createAdapter({ http }: GatewayConfig, limits: RequestLimits): FastifyAdapter {
  const isTrusted = trustIn(http.trustedProxies);
  const adapter = new FastifyAdapter({
    bodyLimit: http.maxBodyBytes ?? limits.bodyBytes,
    connectionTimeout: Math.max(IDLE_TIMEOUT_MS, http.requestTimeoutMs + 1_000),
    requestTimeout: limits.requestMs,
    keepAliveTimeout: 30_000,
    http: {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      maxHeaderSize: limits.headerBytes,
      connectionsCheckingInterval: 100,
      requireHostHeader: false,
    },
    trustProxy: http.trustedProxies.length > 0 && isTrusted,
    routerOptions: { maxParamLength: 256 },
    return503OnClosing: false,
    clientErrorHandler: answerRawError,
    frameworkErrors: (error: unknown, _request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(reply, refusalOf(error)),
  });
  const instance = adapter.getInstance<FastifyInstance>();
  boundConnections(instance, limits, isTrusted);
  takeOnlyJson(instance, limits.jsonDepth);
  return adapter;
}

/** Refuses, before anything of it is read, what Node and Fastify would let pass. */
export function refuseOddRequests(instance: FastifyInstance, { urlCharacters }: RequestLimits): void {
  instance.addHook('onRequest', (request, _reply, done) => done(faultOf(request, urlCharacters)));
}

function faultOf({ raw }: FastifyRequest, urlCharacters: number): Fault | undefined {
  if ((raw.url?.length ?? 0) > urlCharacters) {
    return new Fault('http.uri-too-long', 414, `An address may have ${urlCharacters} characters.`);
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
