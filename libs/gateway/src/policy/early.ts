import type { Authenticator } from '@facet/access';
import type { FastifyInstance } from 'fastify';
import { exchangeOf } from '../exchange/exchange.js';
import type { Step } from '../exchange/steps.js';
import { addressOf } from '../http/trusted-proxies.js';
import { credentialIn } from './credentials.js';
import type { Plans } from './plans.js';
import { setRateLimit } from './rate-limit-fields.js';

/**
 * A 401 that says nothing against what was sent: nothing was, it came without the header that a page has to add, or the
 * issuer has signed it and its time is over. Whoever has such a credential guesses at none.
 */
const NO_GUESS = new Set(['auth.required', 'auth.csrf-header-missing', 'auth.token-expired']);

/**
 * Refuses what can be refused before anything of a request is read or proven: what was refused a moment ago, and the next
 * credential of an address that has sent too many that prove nobody. Who sends none goes on as a visitor.
 */
export function refuseEarly(plans: Plans, authenticator: Authenticator | undefined): Step {
  const hasCredential = credentialIn(authenticator);
  return ({ request, reply }) => {
    const known =
      plans.refusals.of(request) ??
      (hasCredential(request.headers) ? plans.refusedForGuessing(addressOf(request)) : undefined);
    if (known === undefined) return undefined;
    setRateLimit(reply, known.readings);
    return plans.refusal(known, known.window, known.waitMs);
  };
}

/** Counts a credential that has proven nobody, once its request is answered. */
export function countGuesses(
  instance: FastifyInstance,
  plans: Plans,
  authenticator: Authenticator | undefined,
): void {
  const hasCredential = credentialIn(authenticator);
  instance.addHook('onResponse', (request, reply, done) => {
    const isGuess = reply.statusCode === 401 && !NO_GUESS.has(exchangeOf(request)?.problem ?? '');
    if (isGuess && hasCredential(request.headers)) plans.failed(addressOf(request));
    done();
  });
}
