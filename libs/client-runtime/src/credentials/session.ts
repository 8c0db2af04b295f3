import type { Credentials } from './credentials.js';

export interface SessionOptions {
  /** For pages of another origin that the gateway allows: the cookie goes there too. */
  readonly crossOrigin?: boolean;
  /** The `Cookie` of a visitor's request, where a server renders the page for them. A browser adds its own. */
  readonly cookie?: string;
}

/** A browser's session at a gateway: its cookie, which no script sees, and the header that no other site's page can send. */
export function session({ crossOrigin = false, cookie }: SessionOptions = {}): Credentials {
  return {
    cookies: crossOrigin ? 'include' : 'same-origin',
    authorize({ headers }) {
      headers.set('x-csrf', '1');
      if (cookie !== undefined) headers.set('cookie', cookie);
    },
  };
}

/** Where a page sends its visitor to sign in; `returnTo` is a path of the gateway, where they come back to. */
export function signInUrl(baseUrl: string, returnTo = '/'): string {
  return `${baseUrl.replace(/\/$/, '')}/auth/login?${new URLSearchParams({ returnTo }).toString()}`;
}
