import { LRUCache } from 'lru-cache';
import type { AxiosResponse } from 'axios';

interface Known {
  readonly etag: string;
  readonly body: Buffer;
}

const MAX_BYTES = 8 * 1024 * 1024;
const MAX_BODY_BYTES = 128 * 1024;

/**
 * The last answers of a service with an `ETag`: it is asked whether they still hold (`If-None-Match`), and sends a 304 instead
 * of the answer. What a 304 says of is the very answer that the caller would have got.
 */
export class Validators {
  readonly #known = new LRUCache<string, Known>({
    maxSize: MAX_BYTES,
    sizeCalculation: ({ body }, key) => body.length + 2 * key.length + 200,
  });

  etagOf(key: string): string | undefined {
    return this.#known.get(key)?.etag;
  }

  /** The response, with the known answer in place of a 304. */
  complete(key: string, response: AxiosResponse<Buffer>): AxiosResponse<Buffer> {
    const { status, headers, data } = response;
    if (status === 304) {
      const known = this.#known.get(key);
      return known === undefined ? response : { ...response, status: 200, data: known.body };
    }
    const etag: unknown = headers['etag'];
    const mayBeKept = status === 200 && typeof etag === 'string' && data.length <= MAX_BODY_BYTES;
    if (mayBeKept && !/\bno-store\b/i.test(String(headers['cache-control'] ?? '')))
      this.#known.set(key, { etag, body: data });
    else this.#known.delete(key);
    return response;
  }
}
