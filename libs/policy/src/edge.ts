/** Which pages of other sites may call a gateway. Left out: none. */
export interface CorsPolicy {
  /** `https://app.example.com`, exactly as browsers send it. Cookies are never taken from other sites. */
  readonly origins: readonly string[];
}

/** Which answers are sent smaller. Left out: none. */
export interface CompressionPolicy {
  /** From how many bytes on it pays. Default 1,024. */
  readonly fromBytes?: number;
}

/** @throws RangeError naming what is no origin */
export function checkCors({ origins }: CorsPolicy): void {
  const wrong = origins.find((origin) => URL.parse(origin)?.origin !== origin);
  if (wrong !== undefined) {
    throw new RangeError(`cors.origins: got "${wrong}", expected an origin such as https://app.example.com`);
  }
}

/** @throws RangeError for what is no size */
export function checkCompression({ fromBytes = 1_024 }: CompressionPolicy): void {
  if (!Number.isSafeInteger(fromBytes) || fromBytes < 0) {
    throw new RangeError(`compression.fromBytes: got ${fromBytes}, expected a whole number from 0`);
  }
}
