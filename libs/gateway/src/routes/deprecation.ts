import { SetMetadata, type CustomDecorator } from '@nestjs/common';

export const DEPRECATED = 'facet:deprecated';

/** That a route should not be used any more. Days are `2026-11-24`, in UTC. */
export interface Deprecation {
  /** Since when; may lie ahead. */
  readonly since: string;
  /** From when on it may be gone. */
  readonly sunset?: string;
  /** Where to read what to use instead: an address, or a path of the gateway. */
  readonly link?: string;
}

/**
 * Says of a controller's method that it should not be used any more: clients see `Deprecation` (RFC 9745) and `Sunset`
 * (RFC 8594) in each answer, and `deprecated` in the document. In `routes.ts` it is an option of `route`.
 */
export function Deprecated(deprecation: Deprecation): CustomDecorator {
  return SetMetadata(DEPRECATED, checkDeprecation(deprecation));
}

/** @throws Error naming what does not fit */
export function checkDeprecation(deprecation: Deprecation): Deprecation {
  const { since, sunset, link } = deprecation;
  for (const [name, day] of Object.entries({ since, sunset })) {
    if (day !== undefined && !(/^\d{4}-\d\d-\d\d$/.test(day) && Number.isFinite(Date.parse(day))))
      throw new Error(`deprecated: "${name}" is a day like 2026-11-24, not ${JSON.stringify(day)}`);
  }
  if (sunset !== undefined && sunset < since)
    throw new Error(`deprecated: "sunset" (${sunset}) comes before "since" (${since})`);
  if (link !== undefined && !/^(?:https?:\/)?\/[^\s<>"]+$/.test(link))
    throw new Error(`deprecated: "link" is an address or a path, not ${JSON.stringify(link)}`);
  return deprecation;
}

/** What every answer of such a route says, a refusal too. */
export function deprecationFields({ since, sunset, link }: Deprecation): Record<string, string> {
  return {
    deprecation: `@${Date.parse(since) / 1_000}`,
    ...(sunset === undefined ? {} : { sunset: new Date(sunset).toUTCString() }),
    ...(link === undefined ? {} : { link: `<${link}>; rel="deprecation"` }),
  };
}
