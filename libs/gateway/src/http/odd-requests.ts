import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Fault } from '@facet/platform';
import type { RequestLimits } from '@facet/policy';
import type { Step } from '../request/steps.js';
import { METHODS } from './methods.js';

/** What a request has once or not at all: two that differ are read as one here and as the other elsewhere. */
const SINGLE: ReadonlySet<string> = new Set([
  ...['host', 'content-type', 'content-length', 'authorization', 'dpop', 'idempotency-key', 'origin'],
]);
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
export function refuseOddRequests({ urlCharacters }: RequestLimits): Step {
  return ({ raw }) => faultOf(raw, urlCharacters);
}

function faultOf({ raw, method }: FastifyRequest, urlCharacters: number): Fault | undefined {
  if (!METHODS.has(method)) {
    return new Fault('http.not-implemented', 501, 'No address here takes this method.');
  }
  if ((raw.url?.length ?? 0) > urlCharacters) {
    return new Fault('http.uri-too-long', 414, `An address may have ${urlCharacters} characters.`);
  }
  if (raw.url === '*' && method !== 'OPTIONS') return badRequest('An address begins with a slash.');
  // The router takes it for the start of a query, whoever reads the address as a URL for that of a fragment.
  if (raw.url?.includes('#')) return badRequest('An address is sent without its fragment.');
  if (raw.httpVersion === '0.9') return badRequest('A request line ends with HTTP/1.1.');
  if (raw.httpVersion !== '1.1' && raw.httpVersion !== '1.0') {
    return new Fault('http.http-version-not-supported', 505, 'HTTP/1.1 is spoken here.');
  }
  const twice = firstTwice(raw.rawHeaders);
  if (twice !== undefined) return badRequest(`A request has one ${twice} header.`);
  const { host, expect } = raw.headers;
  if (host === undefined ? raw.httpVersion === '1.1' : !HOST.test(host)) {
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

/** The first header of those that are single and that is there twice; names and values take turns. */
function firstTwice(rawHeaders: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? '';
    if (!SINGLE.has(name)) continue;
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return undefined;
}

function badRequest(message: string): Fault {
  return new Fault('http.bad-request', 400, message);
}
