import { type AuthRequest, headerValues } from '@facet/access';

/**
 * The prefix `__Host-` makes a browser refuse the cookie unless it is Secure, for this host alone and for all of its
 * paths (RFC 6265bis, section 4.1.3.2). Browsers count http://localhost as secure.
 */
export const SESSION_COOKIE = '__Host-facet-session';
export const LOGIN_COOKIE = '__Host-facet-login';

/** The values that a request carries under `name`: more than one is somebody's trick. */
export function cookieValues(request: Pick<AuthRequest, 'headers'>, name: string): string[] {
  return headerValues(request, 'cookie')
    .flatMap((header) => header.split(';'))
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}

/** For the API: never sent when another site leads here, not even by a link. */
export function sessionCookie(value: string): string {
  return `${SESSION_COOKIE}=${value}; Path=/; Secure; HttpOnly; SameSite=Strict`;
}

/** For the way through the issuer: the callback is a navigation from another site, so it must be Lax. */
export function loginCookie(value: string, ttlMs: number): string {
  const seconds = Math.ceil(ttlMs / 1_000);
  return `${LOGIN_COOKIE}=${value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${seconds}`;
}

export function withoutCookie(name: string): string {
  const sameSite = name === SESSION_COOKIE ? 'Strict' : 'Lax';
  return `${name}=; Path=/; Secure; HttpOnly; SameSite=${sameSite}; Max-Age=0`;
}
