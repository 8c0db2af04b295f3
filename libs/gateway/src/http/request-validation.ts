import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Fault } from '@facet/platform';
import type { RequestLimits } from './limits.js';
import type { Step } from '../request/steps.js';
import { firstTwice, HAS_TWICE } from './header-scan.js';
import { METHODS } from './methods.js';

/** A name, an IPv4 or an IPv6 address, and a port; the rest of what RFC 3986 allows has no use here. */
const HOST = /^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/** Lets expectations that Node does not know be refused like any other request. */
export function takeExpectations(instance: FastifyInstance): void {
  // Node answers an expectation that it does not know by itself, without a header of ours.
  instance.server.on('checkExpectation', (request, response) =>
    instance.server.emit('request', request, response),
  );
}

/** Refuses, before anything of it is read, what Node and Fastify would let pass. */
export function validateRequest({ urlCharacters }: RequestLimits): Step {
  return ({ raw, headerFlags }) => faultOf(raw, headerFlags, urlCharacters);
}

function faultOf({ raw, method }: FastifyRequest, flags: number, urlCharacters: number): Fault | undefined {
  if (!METHODS.has(method)) {
    return new Fault('http.not-implemented', 501, 'No address here takes this method.');
  }
  if ((raw.url?.length ?? 0) > urlCharacters) {
    return new Fault('http.uri-too-long', 414, `An address may have ${urlCharacters} characters.`);
  }
  if (raw.url === '*' && method !== 'OPTIONS') return badRequest('An address begins with a slash.');
  // The router takes it for the start of a query, a URL parser for the start of a fragment.
  if (raw.url?.includes('#')) return badRequest('An address is sent without its fragment.');
  if (raw.httpVersion === '0.9') return badRequest('A request line ends with HTTP/1.1.');
  if (raw.httpVersion !== '1.1' && raw.httpVersion !== '1.0') {
    return new Fault('http.http-version-not-supported', 505, 'HTTP/1.1 is spoken here.');
  }
  if ((flags & HAS_TWICE) !== 0) return badRequest(`A request has one ${firstTwice(raw.rawHeaders)} header.`);
  const { host, expect } = raw.headers;
  if (host === undefined ? raw.httpVersion === '1.1' : !isHost(host)) {
    return badRequest(
      'A request has a Host header: a name or an address, and a port where it is not the usual one.',
    );
  }
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') {
    return new Fault('http.expectation-failed', 417, 'Nothing can be expected here but 100-continue.');
  }
  const encoding = raw.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    return new Fault('http.unsupported-media-type', 415, 'A body may not be compressed.');
  }
  return undefined;
}

/** Those that were found to be one: a gateway has few names. */
const hosts = new Set<string>();
const MOST_HOSTS = 1_000;

function isHost(text: string): boolean {
  if (hosts.has(text)) return true;
  if (!HOST.test(text)) return false;
  if (hosts.size < MOST_HOSTS) hosts.add(text);
  return true;
}

function badRequest(message: string): Fault {
  return new Fault('http.bad-request', 400, message);
}
