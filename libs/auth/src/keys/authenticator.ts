import type { Authenticator } from '@facet/access';
import type { Caller } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { bearerChallenge } from '../bearer/authenticator.js';
import { hasAuthorization, readAuthorization } from '../bearer/authorization.js';
import { createReplayGuard, type ReplayGuard } from '../replay.js';
import { checkSignature } from '../signatures/check.js';
import { hashApiKey } from './format.js';
import { createKeyLookup, type LookupOptions } from './lookup.js';
import type { ApiKey } from './store.js';

export interface ApiKeyOptions extends LookupOptions {
  /** Where clients find the gateway: what signatures must be made for. Default: the names of this machine. */
  readonly origins?: readonly string[] | undefined;
  /** Which nonces of signed requests were used. Default: those that this process has seen. */
  readonly replays?: ReplayGuard;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly clock?: () => number;
}

/**
 * Proves a partner by an API key, `Authorization: Bearer fct_…`, and by a signature too where the key was issued with
 * a signing key. A key that is unknown, mistyped, expired or revoked gets the same answer.
 */
export function createApiKeyAuthenticator(options: ApiKeyOptions): Authenticator {
  const { origins, clock = Date.now, replays = createReplayGuard({ now: clock }) } = options;
  const lookUp = createKeyLookup(options);
  return {
    credentials: ['api-key'],
    schemes: { apiKey: { type: 'http', scheme: 'bearer', bearerFormat: 'fct_…' } },
    problems: {
      'auth.invalid-request': 400,
      'auth.invalid-key': 401,
      'auth.invalid-signature': 401,
      'auth.keys-unavailable': 503,
      'auth.replays-unavailable': 503,
    },
    challenge: bearerChallenge,
    isConcerned: hasAuthorization,
    async authenticate(request) {
      const authorization = readAuthorization(request);
      if (authorization === undefined) return undefined;
      const hash = authorization.scheme === 'bearer' ? hashApiKey(authorization.credentials) : undefined;
      const key = hash === undefined ? undefined : await lookUp(hash);
      if (key === undefined || !isLive(key, clock())) throw invalidKey();
      if (key.signingKey !== undefined)
        await checkSignature(request, { keyId: key.id, jwk: key.signingKey, origins, replays, now: clock });
      return callerOf(key);
    },
  };
}

function isLive({ expiresAt, revokedAt }: ApiKey, time: number): boolean {
  return revokedAt === undefined && (expiresAt === undefined || expiresAt > time);
}

/** One for each answer of the store: what is worked out for a caller can then be kept with it. */
const callers = new WeakMap<ApiKey, Caller>();

function callerOf(key: ApiKey): Caller {
  const known = callers.get(key) ?? makeCaller(key);
  callers.set(key, known);
  return known;
}

function makeCaller({ id, partner, customerId, scopes, plan }: ApiKey): Caller {
  return Object.freeze({
    subject: id,
    kind: 'client',
    client: partner,
    scopes: Object.freeze([...scopes]),
    roles: Object.freeze([]),
    ...(customerId === undefined ? {} : { customerId }),
    plan,
    credential: 'api-key',
  });
}

function invalidKey(): Fault {
  return new Fault('auth.invalid-key', 401, 'The API key is not valid.');
}
