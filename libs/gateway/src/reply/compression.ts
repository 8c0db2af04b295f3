import { pipeline, type Readable } from 'node:stream';
import {
  brotliCompress,
  brotliCompressSync,
  constants,
  createBrotliCompress,
  createGzip,
  gzip,
  gzipSync,
} from 'node:zlib';
import type { CompressionPolicy } from '@facet/policy';
import { preferredCoding, type Coding } from '../http/negotiate.js';

/** A coding that changes the bytes. */
export type Compressed = Exclude<Coding, 'identity'>;

const TYPES = /^(?:application\/(?:(?:problem\+)?json|x-ndjson)|text\/event-stream)\b/;
/** Good enough for JSON at a fraction of the time that the default of 11 takes. */
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
/** A stream knows no size beforehand, and Brotli's default window takes megabytes of memory for each one that is open. */
const brotliStream = { params: { ...brotli.params, [constants.BROTLI_PARAM_LGWIN]: 18 } };
/** From this size on another thread compresses; below it, handing over costs more than it saves. */
const APART_FROM_BYTES = 65_536;

/**
 * Sends JSON smaller to who takes it so, streams of pieces too.
 * No answer holds a secret of its reader's beside what somebody else may have put into it, so its length tells nothing.
 */
export class Compression {
  readonly #fromBytes: number;

  constructor({ fromBytes = 1_024 }: CompressionPolicy) {
    this.#fromBytes = fromBytes;
  }

  /** Whether answers of this type have compressed forms. */
  appliesTo(contentType: string | undefined): boolean {
    return contentType !== undefined && TYPES.test(contentType);
  }

  /** What a client takes an answer of `bytes` in, or a stream of any length; undefined for as it is. */
  codingFor(accepted: string | undefined, bytes = Infinity): Compressed | undefined {
    if (accepted === undefined || bytes < this.#fromBytes) return undefined;
    const coding = preferredCoding(accepted);
    return coding === 'identity' ? undefined : coding;
  }
}

/** Compresses at once, or on another thread where that takes long. */
export function compress(body: string | Buffer, coding: Compressed): Buffer | Promise<Buffer> {
  if (Buffer.byteLength(body) < APART_FROM_BYTES)
    return coding === 'br' ? brotliCompressSync(body, brotli) : gzipSync(body);
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, result: Buffer) => (error === null ? resolve(result) : reject(error));
    if (coding === 'br') brotliCompress(body, brotli, done);
    else gzip(body, done);
  });
}

/**
 * Compresses a stream whose pieces have to leave when they are ready: what is compressed is flushed after each of them. A
 * reader that goes away ends the source too.
 */
export function compressPieces(pieces: Readable, coding: Compressed): Readable {
  const compressor =
    coding === 'br'
      ? createBrotliCompress({ ...brotliStream, flush: constants.BROTLI_OPERATION_FLUSH })
      : createGzip({ flush: constants.Z_SYNC_FLUSH });
  // The compressor reports an early end or an error to the stream that reads it; here is nothing left to do.
  pipeline(pieces, compressor, () => undefined);
  return compressor;
}
