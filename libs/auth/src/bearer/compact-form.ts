/** Longer than any access token that fits a gateway's header limit; anything beyond is refused unread. */
const MAX_LENGTH = 8_192;

/**
 * Three non-empty segments of unpadded base64url. Checked before any library sees a token, since `jose` decodes
 * leniently and would take white space and padding.
 */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** The header of a token in compact form (RFC 7515, section 3.1); undefined where the text has another form. */
export function headerOfCompact(token: string): Record<string, unknown> | undefined {
  if (token.length > MAX_LENGTH || !COMPACT.test(token)) return undefined;
  const segments = token.split('.');
  if (!segments.every(isCanonical)) return undefined;
  try {
    const header: unknown = JSON.parse(Buffer.from(segments[0] ?? '', 'base64url').toString());
    return typeof header === 'object' && header !== null && !Array.isArray(header)
      ? (header as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** One text for the same bytes: the unused bits of the last character are zero. */
function isCanonical(segment: string): boolean {
  return Buffer.from(segment, 'base64url').toString('base64url') === segment;
}
