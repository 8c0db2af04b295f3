import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Fault } from '@facet/platform';
import type { RequestLimits } from './limits.js';

const bodies = new WeakMap<FastifyRequest, Buffer>();

/** The body's bytes as they arrived; empty where there was none. */
export function rawBodyOf(request: FastifyRequest): Buffer {
  return bodies.get(request) ?? Buffer.alloc(0);
}

/**
 * JSON is the only kind of body: everything else is a 415. `__proto__` and `constructor.prototype` are refused, and what is
 * nested deeper or has more values than the limits say: deep input breaks recursive code, and checking many takes long.
 * Where there is no body, whatever is said of its type says nothing (many clients send it with each request).
 */
export function takeOnlyJson(instance: FastifyInstance, limits: RequestLimits): void {
  instance.addHook('onRequest', ({ raw: { headers } }, _reply, done) => {
    const length = headers['content-length'];
    if (headers['transfer-encoding'] === undefined && (length === undefined || length === '0'))
      delete headers['content-type'];
    done();
  });
  const parse = instance.getDefaultJsonParser('error', 'error');
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    bodies.set(request, body);
    if (body.length === 0) {
      done(null, undefined);
      return;
    }
    try {
      refuseOver(limits, body, request.headers['content-type']);
      void parse(request, textOf(body), done);
    } catch (error) {
      done(error as Fault, undefined);
    }
  });
}

function refuseOver(
  { jsonDepth, jsonValues }: RequestLimits,
  body: Buffer,
  contentType: string | undefined,
): void {
  if (!isUtf8(contentType)) throw new Fault('http.unsupported-media-type', 415, 'A body must be in UTF-8.');
  const { depth, values } = extentOf(body);
  if (depth > jsonDepth)
    throw new Fault('body.too-deep', 400, `JSON may be nested ${jsonDepth} levels deep.`);
  if (values > jsonValues) {
    throw new Fault('body.too-many-values', 400, `A body may have ${jsonValues} fields and elements in all.`);
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true });

function textOf(body: Buffer): string {
  try {
    return decoder.decode(body);
  } catch (cause) {
    throw new Fault('http.bad-request', 400, 'The body is not UTF-8.', { cause });
  }
}

/** JSON has no other charset (RFC 8259); who names one has written something else. */
function isUtf8(contentType: string | undefined): boolean {
  const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([^\s";]*)/i.exec(contentType ?? '') ?? [];
  return /^utf-?8$/i.test(charset);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

/** How deep the brackets of a JSON text go, and how many values it has about, found without building anything. */
export function extentOf(json: Buffer): { readonly depth: number; readonly values: number } {
  let open = 0;
  let depth = 0;
  let values = 1;
  let isText = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    if (isText) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) isText = true;
    else if (byte === COMMA) values += 1;
    else if (byte === 0x7b || byte === 0x5b) {
      values += 1;
      depth = Math.max(depth, (open += 1));
    } else if (byte === 0x7d || byte === 0x5d) open -= 1;
  }
  return { depth, values };
}
