import { Fault } from '@facet/platform';
import { AuthorizationResponseError, ResponseBodyError } from 'openid-client';

/** What went wrong between this gateway and its issuer, for the log. */
export interface IssuerTrouble {
  /** What a client is told. */
  readonly fault: Fault;
  /** What is wrong with this gateway's own configuration, in the issuer's words; absent where it cannot be reached. */
  readonly reason?: string;
}

/** What is set up wrongly here or at the issuer, so that nobody can sign in. */
export class IssuerMisconfigured extends Error {}

/** Errors that a person causes: they said no, or the issuer could not ask them (RFC 6749, 4.1.2.1; OpenID Connect Core, 3.1.2.6). */
const OF_THE_PERSON = new Set([
  'access_denied',
  'account_selection_required',
  'consent_required',
  'interaction_required',
  'login_required',
]);

/** Errors of a request that this gateway makes wrongly, as it is set up. */
const OF_THE_GATEWAY = new Set([
  'invalid_client',
  'invalid_redirect_uri',
  'invalid_scope',
  'invalid_target',
  'registration_not_supported',
  'request_not_supported',
  'unauthorized_client',
  'unsupported_grant_type',
  'unsupported_response_type',
]);

/** The fault that an error of openid-client becomes. */
export function issuerFaultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  if (misconfigurationOf(error).reason !== undefined) {
    return new Fault(
      'auth.misconfigured',
      502,
      'This gateway and its issuer are not set up for each other; nobody can sign in until its operator has seen to it.',
      { cause: error },
    );
  }
  if (error instanceof AuthorizationResponseError) {
    if (OF_THE_PERSON.has(error.error))
      return new Fault('auth.sign-in-refused', 401, 'The sign-in was not completed.', { cause: error });
    return isTemporary(error.error) ? unavailable(error) : failed(error);
  }
  if (error instanceof ResponseBodyError) return error.status < 500 ? failed(error) : unavailable(error);
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && INVALID.has(code) ? failed(error) : unavailable(error);
}

/** What an error says of this gateway's own configuration, in words that are safe to log. */
export function misconfigurationOf(error: unknown): { readonly reason?: string } {
  if (error instanceof IssuerMisconfigured) return { reason: error.message };
  const cause = error instanceof Fault ? error.cause : error;
  // What comes back through the browser may be anybody's: its code is one of a list, and its description is left out.
  if (cause instanceof AuthorizationResponseError && OF_THE_GATEWAY.has(cause.error))
    return { reason: cause.error };
  if (cause instanceof ResponseBodyError && OF_THE_GATEWAY.has(cause.error)) {
    const description = cause.error_description?.slice(0, 200);
    return { reason: description === undefined ? cause.error : `${cause.error}: ${description}` };
  }
  // A client secret sent by the Authorization header is refused with a challenge (RFC 6749, section 5.2).
  const { code, status } = (cause ?? {}) as { code?: unknown; status?: unknown };
  if (code === 'OAUTH_WWW_AUTHENTICATE_CHALLENGE' && status === 401) return { reason: 'invalid_client' };
  return {};
}

function isTemporary(code: string): boolean {
  return code === 'server_error' || code === 'temporarily_unavailable';
}

/** Codes of openid-client for an answer that was there and did not hold, as against an issuer that is not there. */
const INVALID = new Set([
  'OAUTH_INVALID_REQUEST',
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_KEY_SELECTION_FAILED',
  'OAUTH_PARSE_ERROR',
  'OAUTH_UNSUPPORTED_OPERATION',
]);

function failed(cause: unknown): Fault {
  const message = 'This is not the answer that a sign-in waits for; begin again.';
  return new Fault('auth.sign-in-failed', 400, message, { cause });
}

export function unavailable(cause: unknown): Fault {
  return new Fault('auth.issuer-unavailable', 503, 'Nobody can be signed in at the moment.', {
    retryAfterMs: 1_000,
    cause,
  });
}
