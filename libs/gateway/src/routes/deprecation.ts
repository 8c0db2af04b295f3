import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import { checkDeprecation, type Deprecation } from '@facet/contracts';

export const DEPRECATED = 'facet:deprecated';

/**
 * Says of a controller's method that it should not be used any more: clients see `Deprecation` (RFC 9745) and `Sunset`
 * (RFC 8594) in each answer, and `deprecated` in the document. In `routes.ts` it is an option of `route`.
 */
export function Deprecated(deprecation: Deprecation): CustomDecorator {
  return SetMetadata(DEPRECATED, checkDeprecation(deprecation));
}

/** What every answer of such a route says, a refusal too. */
export function deprecationFields({ since, sunset, link }: Deprecation): Record<string, string> {
  return {
    deprecation: `@${Date.parse(since) / 1_000}`,
    ...(sunset === undefined ? {} : { sunset: new Date(sunset).toUTCString() }),
    ...(link === undefined ? {} : { link: `<${link}>; rel="deprecation"` }),
  };
}
