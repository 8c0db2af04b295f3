import { Fault } from '@facet/platform';
import { jwtVerify, type JWTPayload } from 'jose';
import { headerOfCompact } from '../bearer/compact-form.js';
import type { KeySet } from '../bearer/key-set.js';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'];
const SKEW_SECONDS = 30;
const MAX_AGE_SECONDS = 300;

/** Whose sessions an issuer has ended: those of one of its own sessions, or all of a user's. */
export interface LogoutNotice {
  readonly subject?: string;
  readonly providerSession?: string;
  /** Names this notice, which counts once. */
  readonly jti: string;
}

/**
 * OpenID Connect Back-Channel Logout 1.0, section 2.6.
 *
 * @throws Fault 400 where the token is no logout token of this issuer for this client
 */
export async function verifyLogoutToken(
  token: string,
  { issuer, clientId, keys }: { issuer: string; clientId: string; keys: KeySet },
): Promise<LogoutNotice> {
  if (headerOfCompact(token) === undefined) throw invalid('not in compact form');
  const payload = await verified(token, { issuer, clientId, keys });
  const { sub, sid, jti, events } = payload as JWTPayload & Record<'sid' | 'events', unknown>;
  if ('nonce' in payload) throw invalid('a nonce: an ID token may not end a session');
  if (!isRecord(events) || !isRecord(events[EVENT])) throw invalid('not a logout event');
  if (typeof jti !== 'string' || jti === '') throw invalid('no jti');
  const hasSubject = typeof sub === 'string' && sub !== '';
  const hasSession = typeof sid === 'string' && sid !== '';
  if (!hasSubject && !hasSession) throw invalid('neither sub nor sid');
  return {
    jti,
    ...(hasSubject ? { subject: sub } : {}),
    ...(hasSession ? { providerSession: sid } : {}),
  };
}

/** How long a notice must be remembered, so that it is not taken twice. */
export const NOTICE_LIFE_MS = (MAX_AGE_SECONDS + 2 * SKEW_SECONDS) * 1_000;

async function verified(
  token: string,
  { issuer, clientId, keys }: { issuer: string; clientId: string; keys: KeySet },
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keys.find, {
      issuer,
      audience: clientId,
      typ: 'logout+jwt',
      algorithms: ALGORITHMS,
      clockTolerance: SKEW_SECONDS,
      maxTokenAge: MAX_AGE_SECONDS,
      requiredClaims: ['iat', 'exp', 'jti', 'events'],
    });
    return payload;
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw invalid('it does not verify', error);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function invalid(reason: string, cause?: unknown): Fault {
  return new Fault('auth.bad-logout-token', 400, `The logout token is not valid: ${reason}.`, { cause });
}
