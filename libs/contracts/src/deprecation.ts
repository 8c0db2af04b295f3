/** That something should not be used any more. Days are `2026-11-24`, in UTC. */
export interface Deprecation {
  /** Since when; may lie ahead. */
  readonly since: string;
  /** From when on it may be gone. */
  readonly sunset?: string;
  /** Where to read what to use instead: an address, or a path of the gateway. */
  readonly link?: string;
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

/** What a JSON schema says of a field that is to go. */
export interface DeprecatedInJson {
  readonly deprecated: true;
  readonly 'x-deprecated-since': string;
  readonly 'x-sunset'?: string;
  readonly externalDocs?: { readonly url: string };
}

/**
 * Metadata of a field that is to go: `z.string().meta(deprecated({ since: '2026-11-24', sunset: '2027-06-30' }))`, in a
 * contract or in a gateway's own schema.
 *
 * @throws Error naming what does not fit
 */
export function deprecated(deprecation: Deprecation): DeprecatedInJson & Record<string, unknown> {
  const { since, sunset, link } = checkDeprecation(deprecation);
  return {
    ...{ deprecated: true, 'x-deprecated-since': since },
    ...(sunset === undefined ? {} : { 'x-sunset': sunset }),
    ...(link === undefined ? {} : { externalDocs: { url: link } }),
  };
}
