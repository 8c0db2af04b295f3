import { headerValues, type AuthRequest } from '@facet/access';

/**
 * The prefix `__Host-` makes a browser refuse the cookie unless it is Secure, for this host alone and for all of its
 * paths (RFC 6265bis, section 4.1.3.2). Browsers count http://localhost as secure.
 */
export const SESSION_COOKIE = '__Host-facet-session';
/** A label follows: each sign-in under way has a cookie of its own, so that two tabs do not disturb each other. */
const LOGIN_COOKIE = '__Host-facet-login-';

/** So many sign-ins of one browser may be under way, and so long may their cookies be together: headers have a limit. */
const MOST_LOGINS = 10;
const MOST_LOGIN_CHARACTERS = 6_144;

type Headers = Pick<AuthRequest, 'headers'>;

/** The values that a request carries under `name`: more than one is somebody's trick. */
export function cookieValues(request: Headers, name: string): string[] {
  return cookiesOf(request)
    .filter(([known]) => known === name)
    .map(([, value]) => value);
}

function cookiesOf(request: Headers): (readonly [name: string, value: string])[] {
  return headerValues(request, 'cookie')
    .flatMap((header) => header.split(';'))
    .map((pair) => pair.trim())
    .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const);
}

/** For the API: never sent when another site leads here, not even by a link. */
export function sessionCookie(value: string): string {
  return `${SESSION_COOKIE}=${value}; Path=/; Secure; HttpOnly; SameSite=Strict`;
}

export function withoutSessionCookie(): string {
  return `${SESSION_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0`;
}

export function loginCookieName(label: string): string {
  return `${LOGIN_COOKIE}${label}`;
}

/** For the way through the issuer: the callback is a navigation from another site, so it must be Lax. */
export function loginCookie(label: string, { value, ttlMs }: { value: string; ttlMs: number }): string {
  const seconds = Math.ceil(ttlMs / 1_000);
  return `${loginCookieName(label)}=${value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${seconds}`;
}

export function withoutLoginCookie(name: string): string {
  return `${name}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`;
}

/** The names of the sign-in cookies that have to go before another comes: a browser sends the oldest first (RFC 6265, 5.4). */
export function surplusLogins(request: Headers): string[] {
  let count = 0;
  let characters = 0;
  return cookiesOf(request)
    .filter(([name]) => name.startsWith(LOGIN_COOKIE))
    .reverse()
    .filter(([name, value]) => {
      count += 1;
      characters += name.length + value.length;
      return count >= MOST_LOGINS || characters > MOST_LOGIN_CHARACTERS;
    })
    .map(([name]) => name);
}
