import { checkNames } from '@facet/contracts';

/** Which pages of other sites may call a gateway. Left out: none. */
export interface CorsPolicy {
  /** `https://app.example.com`, exactly as browsers send it. Cookies are never taken from other sites. */
  readonly origins: readonly string[];
  /** Headers that their pages may send beside those that every gateway reads (`authorization`, `dpop`, `traceparent`…). */
  readonly headers?: readonly string[];
  /** Headers of answers that their pages may read beside those that every gateway sends (`etag`, `retry-after`…). */
  readonly exposes?: readonly string[];
}

/** What a field name may be (RFC 9110, 5.1). */
const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;

/** @throws RangeError naming what is no origin, or no name of a header */
export function checkCors(given: CorsPolicy): CorsPolicy {
  checkNames('cors', given, ['origins', 'headers', 'exposes']);
  const { origins, headers = [], exposes = [] } = given;
  for (const [option, list] of Object.entries({ origins, headers, exposes })) {
    if (!Array.isArray(list))
      throw new RangeError(`cors.${option}: got ${JSON.stringify(list)}, expected a list`);
  }
  const wrong = origins.find((origin) => URL.parse(origin)?.origin !== origin);
  if (wrong !== undefined) {
    throw new RangeError(`cors.origins: got "${wrong}", expected an origin such as https://app.example.com`);
  }
  for (const [option, names] of Object.entries({ headers, exposes })) {
    const odd = names.find((name) => !NAME.test(name) || name === '*');
    if (odd !== undefined) {
      throw new RangeError(
        `cors.${option}: got "${odd}", expected the name of a header such as x-app-version`,
      );
    }
  }
  return given;
}
