import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Fault } from '@facet/platform';

const bodies = new WeakMap<FastifyRequest, Buffer>();

/** The body's bytes as they arrived; empty where there was none. */
export function rawBodyOf(request: FastifyRequest): Buffer {
  return bodies.get(request) ?? Buffer.alloc(0);
}

/**
 * JSON is the only kind of body: everything else is a 415. `__proto__` and `constructor.prototype` are refused, and what is
 * nested deeper than `maxDepth`: deep input breaks recursive code.
 */
export function takeOnlyJson(instance: FastifyInstance, maxDepth: number): void {
  const parse = instance.getDefaultJsonParser('error', 'error');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    bodies.set(request, body);
    if (depthOf(body) > maxDepth) {
      done(new Fault('body.too-deep', 400, `JSON may be nested ${maxDepth} levels deep.`), undefined);
      return;
    }
    try {
      void parse(request, decoder.decode(body), done);
    } catch (error) {
      done(new Fault('http.bad-request', 400, 'The body is not UTF-8.', { cause: error }), undefined);
    }
  });
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** How deep the brackets of a JSON text go, found without building anything. */
export function depthOf(json: Buffer): number {
  let depth = 0;
  let deepest = 0;
  let isText = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    if (isText) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) isText = true;
    else if (byte === 0x7b || byte === 0x5b) deepest = Math.max(deepest, (depth += 1));
    else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
  return deepest;
}
