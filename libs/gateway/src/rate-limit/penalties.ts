import type { Authenticator } from '@facet/access';
import type { OpenRequests } from '../request/open-requests.js';
import type { Step } from '../request/steps.js';
import { credentialIn } from './credentials.js';
import type { RateLimits } from './rate-limits.js';
import { setRateLimit } from './rate-limit-fields.js';

/**
 * A 401 that says nothing against what was sent: nothing was, it came without the header that a page has to add, or the
 * issuer has signed it and its time is over. A client that has such a credential is not guessing.
 */
const NO_GUESS = new Set(['auth.required', 'auth.csrf-header-missing', 'auth.token-expired']);

/**
 * Refuses what can be refused before anything of a request is read or proven: what was refused a moment ago, and the next
 * credential of an address that has sent too many that prove nobody. Who sends none goes on as a visitor.
 */
export function refusePenalized(rateLimits: RateLimits, authenticator: Authenticator | undefined): Step {
  const hasCredential = credentialIn(authenticator);
  return (context) => {
    const known =
      rateLimits.penaltyBox.of(context) ??
      (hasCredential(context.raw.headers) ? rateLimits.refusedForGuessing(context.address) : undefined);
    if (known === undefined) return undefined;
    setRateLimit(context, known.readings);
    return rateLimits.refusal(known, known.window, known.waitMs);
  };
}

/** Counts a credential that has proven nobody, once its request is answered. */
export function countGuesses(
  requests: OpenRequests,
  rateLimits: RateLimits,
  authenticator: Authenticator | undefined,
): void {
  const hasCredential = credentialIn(authenticator);
  requests.onEnded((context) => {
    const isGuess = context.status === 401 && !NO_GUESS.has(context.problem ?? '');
    if (isGuess && hasCredential(context.raw.headers)) rateLimits.failed(context.address);
  });
}
