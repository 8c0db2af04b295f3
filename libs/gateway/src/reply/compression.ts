import { brotliCompress, brotliCompressSync, constants, gzip, gzipSync } from 'node:zlib';
import type { CompressionPolicy } from '@facet/policy';
import { preferredCoding, type Coding } from '../http/negotiate.js';

/** A coding that changes the bytes. */
export type Compressed = Exclude<Coding, 'identity'>;

const JSON_TYPE = /^application\/(?:problem\+)?json\b/;
/** Good enough for JSON at a fraction of the time that the default of 11 takes. */
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
/** From this size on another thread compresses; below it, handing over costs more than it saves. */
const APART_FROM_BYTES = 65_536;

/**
 * Sends JSON smaller to who takes it so. Streams of pieces are left alone, since a piece has to leave when it is ready.
 * No answer holds a secret of its reader's beside what somebody else may have put into it, so its length tells nothing.
 */
export class Compression {
  readonly #fromBytes: number;

  constructor({ fromBytes = 1_024 }: CompressionPolicy) {
    this.#fromBytes = fromBytes;
  }

  /** Whether answers of this type have compressed forms. */
  appliesTo(contentType: string | undefined): boolean {
    return contentType !== undefined && JSON_TYPE.test(contentType);
  }

  /** What a client takes an answer of `bytes` in; undefined for as it is. */
  codingFor(accepted: string | undefined, bytes: number): Compressed | undefined {
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
