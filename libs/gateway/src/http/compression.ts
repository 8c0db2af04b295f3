import { brotliCompress, brotliCompressSync, constants, gzip, gzipSync } from 'node:zlib';
import type { CompressionPolicy } from '@facet/policy';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { varyBy } from './vary.js';
import { preferredCoding } from './negotiate.js';

const JSON_TYPE = /^application\/(?:problem\+)?json\b/;
/** Good enough for JSON at a fraction of the time that the default of 11 takes. */
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
/** From this size on another thread compresses; below it, handing over costs more than it saves. */
const APART_FROM_BYTES = 65_536;

/**
 * Sends JSON smaller to who takes it so. Streams of pieces are left alone, since a piece has to leave when it is ready.
 * No answer holds a secret of its reader's beside what somebody else may have put into it, so its length tells nothing.
 */
export function compressAnswers(instance: FastifyInstance, { fromBytes = 1_024 }: CompressionPolicy): void {
  instance.addHook('onSend', (request, reply, payload: unknown, done) => {
    // What has forms says so in each of them, whichever was chosen, and in a 304.
    if (reply.statusCode !== 304 && !JSON_TYPE.test(String(reply.getHeader('content-type')))) {
      done(null, payload);
      return;
    }
    varyBy(reply, ['Accept-Encoding']);
    weaken(reply);
    const coding = preferredCoding(request.headers['accept-encoding']);
    if (coding === 'identity' || !isBody(payload) || Buffer.byteLength(payload) < fromBytes) {
      done(null, payload);
      return;
    }
    reply.header('content-encoding', coding).removeHeader('content-length');
    if (Buffer.byteLength(payload) < APART_FROM_BYTES) {
      done(null, coding === 'br' ? brotliCompressSync(payload, brotli) : gzipSync(payload));
    } else if (coding === 'br') brotliCompress(payload, brotli, done);
    else gzip(payload, done);
  });
}

function isBody(payload: unknown): payload is string | Buffer {
  return typeof payload === 'string' || Buffer.isBuffer(payload);
}

/** The same answer in another form has other bytes: its tag says that the two mean the same (RFC 9110, 8.8.3.3). */
function weaken(reply: FastifyReply): void {
  const etag = reply.getHeader('etag');
  if (typeof etag === 'string' && etag.startsWith('"')) reply.header('etag', `W/${etag}`);
}
