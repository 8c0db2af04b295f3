import { type AuthRequest, headerValues } from '@facet/access';
import { Fault } from '@facet/platform';

export interface Authorization {
  /** In lower case (RFC 9110, section 11.1). */
  readonly scheme: string;
  readonly credentials: string;
}

/** Whether there may be an Authorization header to read, or a token where none may stand. */
export function hasAuthorization(headers: Readonly<Record<string, unknown>>, target: string): boolean {
  return headers['authorization'] !== undefined || target.includes('?');
}

/**
 * The one Authorization header of a request; undefined where it has none.
 *
 * @throws Fault `auth.invalid-request` (400) where there are two, or where a token stands in the URL (RFC 6750,
 * section 3.1; RFC 9700, section 4.3.2)
 */
export function readAuthorization(request: AuthRequest): Authorization | undefined {
  // Most requests have no query: their URL need not be read.
  if (request.target.includes('?') && request.url.searchParams.has('access_token'))
    throw invalidRequest('An access token must not stand in the URL; send it in the Authorization header.');
  const [value, ...more] = headerValues(request, 'authorization');
  if (value === undefined) return undefined;
  if (more.length > 0) throw invalidRequest('There must be one Authorization header.');
  const space = value.indexOf(' ');
  if (space < 1) return { scheme: value.toLowerCase(), credentials: '' };
  return { scheme: value.slice(0, space).toLowerCase(), credentials: value.slice(space + 1) };
}

function invalidRequest(message: string): Fault {
  return new Fault('auth.invalid-request', 400, message);
}
