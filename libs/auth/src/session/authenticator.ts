import type { Authenticator, AuthRequest } from '@facet/access';
import { Fault } from '@facet/platform';
import { requireCsrfHeader, requireOwnOrigin } from './browser.js';
import { cookieValues, SESSION_COOKIE, withoutSessionCookie } from './cookies.js';
import { callerOf, type Session } from './session.js';
import type { Sessions } from './sessions.js';

const ENDED = 'auth.session-ended';

/**
 * The session that a browser's request belongs to; undefined where it carries no cookie of ours.
 *
 * @throws Fault 401 where the cookie stands for no session or X-CSRF is missing, 403 from another origin, 503 where
 * the store is away
 */
export async function sessionOf(
  request: Pick<AuthRequest, 'headers' | 'method'>,
  { sessions, origins }: { sessions: Sessions; origins: readonly string[] },
): Promise<Session | undefined> {
  requireOwnOrigin(request, origins);
  const [secret, ...more] = cookieValues(request, SESSION_COOKIE);
  if (secret === undefined) return undefined;
  requireCsrfHeader(request);
  const session = more.length === 0 ? await sessions.open(secret) : undefined;
  if (session === undefined) throw new Fault(ENDED, 401, 'The session has ended; sign in again.');
  return session;
}

/** Proves a browser's caller by its session. */
export function sessionAuthenticator(context: {
  sessions: Sessions;
  origins: readonly string[];
}): Authenticator {
  return {
    credentials: ['session'],
    schemes: {
      session: {
        type: 'apiKey',
        in: 'cookie',
        name: SESSION_COOKIE,
        description: 'Sign in at /auth/login. Every call carries the header `X-CSRF: 1`.',
      },
    },
    problems: {
      'auth.csrf-header-missing': 401,
      [ENDED]: 401,
      'auth.foreign-origin': 403,
      'session.store-unavailable': 503,
    },
    async authenticate(request) {
      const session = await sessionOf(request, context);
      return session === undefined ? undefined : callerOf(session);
    },
    challenge: sessionChallenge,
  };
}

/** What a refusal says of how to sign in; it takes a cookie away that stands for no session any more. */
export function sessionChallenge({ code }: Fault): Record<string, string> {
  return {
    'www-authenticate': `Cookie realm="facet", form-action="/auth/login", cookie-name=${SESSION_COOKIE}`,
    ...(code === ENDED ? { 'set-cookie': withoutSessionCookie() } : {}),
  };
}
