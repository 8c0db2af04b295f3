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
import { COUNT, withDefaults, type NumericOptions } from '@facet/contracts';
import { preferredCoding, type Coding } from '../http/negotiate.js';

/** Which answers are sent smaller. */
export interface CompressionPolicy {
  /** From how many bytes on it pays. Default 1,024. */
  readonly fromBytes?: number;
}

const compression: NumericOptions<Required<CompressionPolicy>> = {
  defaults: { fromBytes: 1_024 },
  ranges: { fromBytes: COUNT },
};

/** @throws RangeError that names the option and what it got */
export function checkCompression(given: CompressionPolicy): Required<CompressionPolicy> {
  return withDefaults('compression', compression, given);
}

/** A coding that changes the bytes. */
export type Compressed = Exclude<Coding, 'identity'>;

const TYPES = /^(?:application\/(?:(?:problem\+)?json|x-ndjson)|image\/svg\+xml|text\/event-stream)\b/;
/** Good enough for JSON at a fraction of the time that the default of 11 takes. */
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
/** A stream knows no size beforehand, and Brotli's default window takes megabytes of memory for each one that is open. */
const brotliStream = { params: { ...brotli.params, [constants.BROTLI_PARAM_LGWIN]: 18 } };
/** From this size on another thread compresses; below it, handing over costs more than it saves. */
const APART_FROM_BYTES = 65_536;

/**
 * Sends JSON and drawings smaller to who takes them so, streams of pieces too.
 * No answer holds a secret of its reader's beside what somebody else may have put into it, so its length tells nothing.
 */
export class Compression {
  readonly #fromBytes: number;

  constructor({ fromBytes }: Required<CompressionPolicy>) {
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
  // An end before its time is the reader's, and whoever reads the compressor is told of an error.
  pipeline(pieces, compressor, () => undefined);
  return compressor;
}
