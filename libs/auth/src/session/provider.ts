import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  calculatePKCECodeChallenge,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  refreshTokenGrant,
  ResponseBodyError,
  tokenRevocation,
  type TokenEndpointResponse,
  type TokenEndpointResponseHelpers,
} from 'openid-client';
import { customerId } from '../customer-id.js';
import { findIssuer, type IssuerClientOptions } from './issuer-client.js';
import { issuerFaultOf, misconfigurationOf, type IssuerTrouble } from './issuer-faults.js';
import type { PendingLogin } from './pending-login.js';
import type { Proof } from './session.js';

export interface ProviderOptions extends IssuerClientOptions {
  /** Scopes to ask for, `openid` among them. */
  readonly scope: string;
  /** Where browsers find this gateway, without a slash at the end. */
  readonly publicOrigin: string;
  /** Told where the issuer cannot be reached, or refuses this gateway itself. */
  readonly onTrouble?: (trouble: IssuerTrouble) => void;
  readonly now?: () => number;
}

type LoginChecks = Pick<PendingLogin, 'state' | 'nonce' | 'verifier'>;

/** The issuer as a web gateway needs it. Found at the first use: a gateway starts while its issuer is away. */
export interface Provider {
  /** @throws Fault 503 where the issuer cannot be reached, 502 where it does not take this gateway's configuration */
  begin(): Promise<{ location: string; checks: LoginChecks }>;
  /**
   * @throws Fault 400 where the answer is not the one that this sign-in waits for, 401 where the user did not sign in, 502
   * where the issuer refuses this gateway, 503 where it cannot be reached
   */
  complete(callback: URL, checks: LoginChecks): Promise<Proof>;
  /** `refused`: the issuer has ended it. Throws where it could not be asked. */
  refresh(refreshToken: string): Promise<Proof | 'refused'>;
  revoke(refreshToken: string): Promise<void>;
  /** Where the user may end the issuer's own session as well; undefined where it offers nothing of the kind. */
  signOutUrl(): Promise<string | undefined>;
}

/** A token is renewed when this part of its life is over. */
const RENEW_AT = 0.9;

export function createProvider(options: ProviderOptions): Provider {
  const { publicOrigin, scope, onTrouble, now = Date.now } = options;
  const redirectUri = `${publicOrigin}/auth/callback`;
  const configuration = once(() => findIssuer(options));
  const told = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const fault = issuerFaultOf(error);
      if (fault.status >= 500) onTrouble?.({ ...misconfigurationOf(error), fault });
      throw fault;
    }
  };

  return {
    begin: () =>
      told(async () => {
        const checks = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
        const location = buildAuthorizationUrl(await configuration(), {
          ...{ redirect_uri: redirectUri, scope, state: checks.state, nonce: checks.nonce },
          code_challenge: await calculatePKCECodeChallenge(checks.verifier),
          code_challenge_method: 'S256',
        });
        return { location: location.href, checks };
      }),
    complete: (callback, { state, nonce, verifier }) =>
      told(async () => {
        const here = Object.assign(new URL(redirectUri), { search: callback.search });
        const tokens = await authorizationCodeGrant(await configuration(), here, {
          ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier },
          idTokenExpected: true,
        });
        return proofOf(tokens, { scope, now: now() });
      }),
    async refresh(refreshToken) {
      try {
        const tokens = await refreshTokenGrant(await configuration(), refreshToken);
        return { refreshToken, ...proofOf(tokens, { scope, now: now() }) };
      } catch (error) {
        if (error instanceof ResponseBodyError && error.error === 'invalid_grant') return 'refused';
        return told(() => Promise.reject(error as Error));
      }
    },
    async revoke(refreshToken) {
      await tokenRevocation(await configuration(), refreshToken, { token_type_hint: 'refresh_token' });
    },
    async signOutUrl() {
      const known = await configuration();
      if (known.serverMetadata().end_session_endpoint === undefined) return undefined;
      return buildEndSessionUrl(known, { post_logout_redirect_uri: `${publicOrigin}/` }).href;
    },
  };
}

interface ProofOptions {
  readonly scope: string;
  readonly now: number;
}

type Tokens = TokenEndpointResponse & TokenEndpointResponseHelpers;

/** From the ID token, which came straight from the issuer; a refresh may bring none, and then says nothing new. */
function proofOf(tokens: Tokens, options: ProofOptions): Proof {
  const claims: Readonly<Record<string, unknown>> = tokens.claims() ?? {};
  const expiresIn = tokens.expiresIn();
  const text = (name: string) => (typeof claims[name] === 'string' ? claims[name] : undefined);
  const roles = claims['roles'];
  return defined({
    subject: text('sub') ?? '',
    providerSession: text('sid'),
    name: text('name'),
    email: text('email'),
    customerId: customerId.safeParse(claims['customer_id']).data,
    roles: Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [],
    scopes: (tokens.scope ?? options.scope).split(' ').filter((scope) => scope !== ''),
    refreshToken: tokens.refresh_token,
    refreshAt: expiresIn === undefined ? undefined : options.now + expiresIn * 1_000 * RENEW_AT,
  });
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, it]) => it !== undefined)) as Defined<T>;
}

/** One try for all who wait; a failed one is forgotten. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () =>
    (made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    }));
}
