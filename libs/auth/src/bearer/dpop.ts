import { createHash } from 'node:crypto';
import { type AuthRequest, headerValues } from '@facet/access';
import { Fault } from '@facet/platform';
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose';
import { z } from 'zod';
import { ownOrigin } from '../own-origin.js';
import type { ReplayGuard } from '../replay.js';
import { headerOfCompact } from './compact-form.js';

export const PROOF_ALGORITHMS = ['ES256', 'ES384', 'PS256', 'RS256', 'EdDSA', 'Ed25519'];

/** How old a proof may be, and how far ahead its clock, in seconds. */
const MAX_AGE_SECONDS = 60;
const AHEAD_SECONDS = 10;

const claims = z.looseObject({
  jti: z.string().min(8).max(255),
  htm: z.string(),
  htu: z.string().max(2_048),
  iat: z.number(),
  ath: z.string(),
});

const publicJwk = z.looseObject({ kty: z.enum(['EC', 'RSA', 'OKP']), d: z.undefined().optional() });

export interface ProofOptions {
  /** The token that the proof goes with. */
  readonly token: string;
  /** The key that the token is bound to. */
  readonly jkt: string;
  /** The gateway's own. Default: the names of this machine. */
  readonly origins?: readonly string[] | undefined;
  readonly replays: ReplayGuard;
  readonly now: () => number;
}

/**
 * Checks the proof that the sender of a bound token has its key (RFC 9449, section 4.3): signature by the key that
 * the token names, this method and this URL, this token, young, and never used before.
 *
 * @throws Fault `auth.invalid-proof` (401)
 */
export async function checkProof(request: AuthRequest, options: ProofOptions): Promise<void> {
  const [proof, ...more] = headerValues(request, 'dpop');
  if (proof === undefined || more.length > 0) throw invalidProof('one DPoP header is required');
  const origin = ownOrigin(request.url, options.origins);
  if (origin === undefined) throw invalidProof('the host that the request names is not one of this gateway');
  const payload = await open(proof, options);
  if (payload.htm !== request.method || !sameTarget(payload.htu, new URL(origin + request.target)))
    throw invalidProof('it was made for another request');
  if (payload.ath !== createHash('sha256').update(options.token).digest('base64url'))
    throw invalidProof('it was made for another token');
  const age = options.now() / 1000 - payload.iat;
  if (age > MAX_AGE_SECONDS || age < -AHEAD_SECONDS) throw invalidProof('it is too old, or from the future');
  const name = `dpop ${options.jkt} ${payload.jti}`;
  if (!(await options.replays.firstUse(name, (MAX_AGE_SECONDS + AHEAD_SECONDS) * 1000)))
    throw invalidProof('it was used before');
}

async function open(proof: string, { jkt, now }: ProofOptions): Promise<z.infer<typeof claims>> {
  const jwk = publicJwk.safeParse(headerOfCompact(proof)?.['jwk']);
  if (!jwk.success) throw invalidProof('it has no public key');
  try {
    const options = { typ: 'dpop+jwt', algorithms: PROOF_ALGORITHMS, currentDate: new Date(now()) };
    const { payload } = await jwtVerify(proof, EmbeddedJWK, options);
    if ((await calculateJwkThumbprint(jwk.data)) !== jkt) throw new Error('another key');
    return claims.parse(payload);
  } catch (error) {
    throw invalidProof('it is not signed by the key that the token is bound to', error);
  }
}

/** RFC 9449, section 4.2: a URL without query and fragment, and one without credentials has no `@` before its path. */
const HTU = /^https?:\/\/[^\s/\\?#@]+(?:\/[^\s\\?#]*)?$/i;

/** RFC 9449, section 4.3: query and fragment of the request left out, after normalisation by RFC 3986. */
function sameTarget(claimed: string, actual: URL): boolean {
  const url = HTU.test(claimed) ? URL.parse(claimed) : null;
  return url?.origin === actual.origin && url.pathname === actual.pathname;
}

function invalidProof(why: string, cause?: unknown): Fault {
  return new Fault('auth.invalid-proof', 401, `The DPoP proof is not valid: ${why}.`, { cause });
}
