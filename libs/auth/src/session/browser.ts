import { type AuthRequest, headerValues } from '@facet/access';
import { Fault } from '@facet/platform';

type Headers = Pick<AuthRequest, 'headers'>;

/**
 * A page of another origin cannot set this header without a preflight, which nobody here answers. It is asked for on
 * every call that a cookie could carry, reading ones too.
 */
export const CSRF_HEADER = 'x-csrf';

/** @throws Fault 401 where the header is missing, and the browser was able to send it */
export function requireCsrfHeader(request: Headers & Pick<AuthRequest, 'method'>): void {
  const values = headerValues(request, CSRF_HEADER);
  if (values.length === 1 && values[0] === '1') return;
  if (values.length === 0 && isEventSource(request)) return;
  throw new Fault('auth.csrf-header-missing', 401, 'Send the header X-CSRF: 1 with every call.');
}

/**
 * Whether an `EventSource` of a page of this very origin asks: it can set no header of its own, and says so by headers that
 * no page can set (Fetch Metadata). Only reading, so that nothing is changed by it.
 */
function isEventSource(request: Headers & Pick<AuthRequest, 'method'>): boolean {
  const says = (name: string, ...values: string[]) => {
    const [value = '', ...more] = headerValues(request, name);
    return more.length === 0 && values.includes(value);
  };
  return (
    request.method === 'GET' &&
    says('sec-fetch-site', 'same-origin') &&
    says('sec-fetch-mode', 'cors', 'same-origin') &&
    says('sec-fetch-dest', 'empty') &&
    says('accept', 'text/event-stream')
  );
}

/**
 * Refuses what a browser says comes from another origin, even from another port or subdomain of the same site: by
 * `Origin`, by `Sec-Fetch-Site`, or by either of the two where it sends both. What is no browser says neither. Only to
 * a page of the other origins that may call is this gateway another site. The first origin is the gateway's own.
 *
 * @throws Fault 403
 */
export function requireOwnOrigin(request: Headers, origins: readonly string[]): void {
  const [own, ...others] = origins;
  const [named, ...more] = headerValues(request, 'origin');
  const sites = headerValues(request, 'sec-fetch-site');
  const isOwn =
    (named === undefined || named === own) &&
    sites.every((site) => site === 'same-origin' || site === 'none');
  if (more.length === 0 && (isOwn || (named !== undefined && others.includes(named)))) return;
  throw new Fault('auth.foreign-origin', 403, 'Pages of another origin may not call this gateway.');
}

/**
 * The path within this gateway that a sign-in leads back to, as it was given.
 *
 * @throws Fault 400 where a browser could take it for another host, or it could end a header line
 */
export function localPath(returnTo: string, origin: string): string {
  const isPath = /^\/(?![/\\])[!-[\]-~]*$/.test(returnTo);
  const hidesControl = /%(?:0[0-9a-f]|1[0-9a-f]|7f)/i.test(returnTo);
  const isLocal = isPath && !hidesControl && returnTo.length <= 2_000;
  if (isLocal && new URL(returnTo, origin).origin === new URL(origin).origin) return returnTo;
  throw new Fault('auth.bad-return-address', 400, 'returnTo must be a path of this gateway.', {
    fields: [{ field: 'returnTo', message: 'expected a path that begins with one slash' }],
  });
}
