import type { Authenticator, AuthRequest } from '@facet/access';
import type { Caller } from '@facet/contracts';
import type { Fault } from '@facet/platform';
import { createReplayGuard, type ReplayGuard } from '../replay.js';
import {
  createAccessTokenCheck,
  invalidToken,
  type AccessToken,
  type AccessTokenOptions,
} from './access-token.js';
import { hasAuthorization, readAuthorization, type Authorization } from './authorization.js';
import { checkProof, PROOF_ALGORITHMS } from './dpop.js';
import { createKeySet, type KeySet, type KeySetOptions } from './key-set.js';

export interface BearerOptions extends AccessTokenOptions {
  /** Where the issuer's keys come from. Default: its discovery document. */
  readonly keys?: KeySet | Omit<KeySetOptions, 'issuer'>;
  /** Where clients find the gateway: what proofs must be made for. Default: the names of this machine. */
  readonly origins?: readonly string[] | undefined;
  /** Which proofs were used. Default: those that this process has seen. */
  readonly replays?: ReplayGuard;
}

/** Proves a caller by an access token, `Authorization: Bearer …`, or `DPoP …` where the token is bound to a key. */
export function createBearerAuthenticator(options: BearerOptions): Authenticator {
  const { keys = {}, origins, now = Date.now, replays = createReplayGuard({ now }) } = options;
  const keySet = 'find' in keys ? keys : createKeySet({ ...keys, issuer: options.issuer });
  const checkToken = createAccessTokenCheck(options, keySet);

  const accept = (
    request: AuthRequest,
    { scheme, credentials }: Authorization,
    { caller, jkt }: AccessToken,
  ): Caller | Promise<Caller> => {
    if ((jkt === undefined) === (scheme === 'dpop')) throw invalidToken();
    if (jkt === undefined) return caller;
    const proof = { token: credentials, jkt, origins, replays, now };
    return checkProof(request, proof).then(() => caller);
  };
  const authenticate = (request: AuthRequest): Caller | undefined | Promise<Caller | undefined> => {
    try {
      const authorization = readAuthorization(request);
      if (authorization === undefined) return undefined;
      const { scheme, credentials } = authorization;
      if (scheme !== 'bearer' && scheme !== 'dpop') throw invalidToken();
      const checked = checkToken(credentials);
      if (!(checked instanceof Promise)) return accept(request, authorization, checked);
      return checked.then((token) => accept(request, authorization, token));
    } catch (error) {
      // A refusal is always a rejected promise.
      return Promise.reject(error instanceof Error ? error : new Error('not an error', { cause: error }));
    }
  };

  return {
    credentials: [options.kind === 'user' ? 'bearer' : 'client-credentials'],
    schemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    problems: {
      'auth.invalid-request': 400,
      'auth.invalid-proof': 401,
      'auth.invalid-token': 401,
      'auth.token-expired': 401,
      'auth.issuer-unavailable': 503,
      'auth.replays-unavailable': 503,
    },
    isConcerned: hasAuthorization,
    authenticate,
    challenge: bearerChallenge,
  };
}

/** RFC 6750, section 3, and RFC 9449, section 7.1. */
export function bearerChallenge(fault: Fault): Record<string, string> {
  if (fault.code === 'auth.invalid-proof')
    return { 'www-authenticate': `DPoP error="invalid_dpop_proof", algs="${PROOF_ALGORITHMS.join(' ')}"` };
  const error = bearerError(fault);
  return { 'www-authenticate': error === undefined ? 'Bearer' : `Bearer error="${error}"` };
}

/** No error where no credential was given: section 3.1 of RFC 6750. */
function bearerError({ code, status }: Fault): string | undefined {
  if (code === 'auth.invalid-request') return 'invalid_request';
  if (status === 403) return 'insufficient_scope';
  return code === 'auth.required' ? undefined : 'invalid_token';
}
