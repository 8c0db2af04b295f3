import type { IncomingHttpHeaders } from 'node:http';
import type { Authenticator } from '@facet/access';

/**
 * Tells whether a request carries what an authenticator looks at, by its security schemes: a cookie or a header of that
 * name, else `Authorization`. Other cookies are no credential: every browser has some.
 */
export function credentialIn(
  authenticator: Authenticator | undefined,
): (headers: IncomingHttpHeaders) => boolean {
  const looks = Object.values(authenticator?.schemes ?? {}).map(({ type, in: place, name }) => {
    if (type !== 'apiKey') return (headers: IncomingHttpHeaders) => headers.authorization !== undefined;
    const key = String(name);
    return place === 'cookie' ? hasCookie(key) : hasHeader(key.toLowerCase());
  });
  return (headers) => looks.some((look) => look(headers));
}

function hasCookie(name: string) {
  return ({ cookie = '' }: IncomingHttpHeaders) =>
    cookie.split(';').some((pair) => pair.trimStart().startsWith(`${name}=`));
}

function hasHeader(name: string) {
  return (headers: IncomingHttpHeaders) => headers[name] !== undefined;
}
