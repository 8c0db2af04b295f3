import { Fault } from '@facet/platform';
import {
  allowInsecureRequests,
  AuthorizationResponseError,
  buildEndSessionUrl,
  discovery,
  refreshTokenGrant,
  ResponseBodyError,
  tokenRevocation,
  type Configuration,
} from 'openid-client';
import { customerId } from '../customer-id.js';
import type { Proof } from './session.js';
import { createLogin, type LoginOutcome, type LoginRequest, type Tokens } from './strategy.js';

export interface ProviderOptions {
  /** The issuer's identifier; its discovery document is found from there. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Scopes to ask for, `openid` among them. */
  readonly scope: string;
  /** Where browsers find this gateway, without a slash at the end. */
  readonly publicOrigin: string;
  /** How long one request to the issuer may take, in milliseconds. Default 5,000. */
  readonly timeoutMs?: number;
  readonly now?: () => number;
}

/** The issuer as a web gateway needs it. Found at the first use: a gateway starts while its issuer is away. */
export interface Provider {
  /** @throws Fault 503 where the issuer cannot be reached */
  begin(): Promise<{ location: string; checks: Record<string, unknown> }>;
  /** @throws Fault 400 where the answer is not the one that this sign-in waits for, 401 where the user did not sign in */
  complete(callback: URL, checks: Readonly<Record<string, unknown>>): Promise<Proof>;
  /** `refused`: the issuer has ended it. Throws where it could not be asked. */
  refresh(refreshToken: string): Promise<Proof | 'refused'>;
  revoke(refreshToken: string): Promise<void>;
  /** Where the user may end the issuer's own session as well; undefined where it offers nothing of the kind. */
  signOutUrl(): Promise<string | undefined>;
}

/** A token is renewed when this part of its life is over. */
const RENEW_AT = 0.9;

export function createProvider(options: ProviderOptions): Provider {
  const { publicOrigin, scope, now = Date.now } = options;
  const callbackUrl = `${publicOrigin}/auth/callback`;
  const configuration = once(() => discover(options));
  const login = once(async () => createLogin({ configuration: await configuration(), callbackUrl, scope }));
  const run = async (request: LoginRequest): Promise<LoginOutcome> => {
    try {
      return await (
        await login()
      )(request);
    } catch (error) {
      throw faultOf(error);
    }
  };

  return {
    async begin() {
      const session: Record<string, unknown> = {};
      const outcome = await run({ method: 'GET', callback: undefined, session });
      if (!('redirect' in outcome)) throw new Error('the strategy began a sign-in without a redirect');
      return { location: outcome.redirect, checks: session };
    },
    async complete(callback, checks) {
      const outcome = await run({ method: 'GET', callback, session: { ...checks } });
      if ('tokens' in outcome) return proofOf(outcome.tokens, { scope, now: now() });
      throw new Fault('auth.sign-in-refused', 401, 'The sign-in was not completed.');
    },
    async refresh(refreshToken) {
      try {
        const tokens = await refreshTokenGrant(await configuration(), refreshToken);
        return { refreshToken, ...proofOf(tokens, { scope, now: now() }) };
      } catch (error) {
        if (error instanceof ResponseBodyError && error.error === 'invalid_grant') return 'refused';
        throw error;
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

async function discover(options: ProviderOptions): Promise<Configuration> {
  const { issuer, clientId, clientSecret, timeoutMs = 5_000 } = options;
  const url = new URL(issuer);
  try {
    return await discovery(url, clientId, clientSecret, undefined, {
      timeout: timeoutMs / 1_000,
      ...(url.protocol === 'http:' ? { execute: [allowInsecureRequests] } : {}),
    });
  } catch (cause) {
    throw unavailable(cause);
  }
}

interface ProofOptions {
  readonly scope: string;
  readonly now: number;
}

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

function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  if (error instanceof AuthorizationResponseError || isOurs(error)) {
    return new Fault(
      'auth.sign-in-failed',
      400,
      'This is not the answer that a sign-in waits for; begin again.',
      {
        cause: error,
      },
    );
  }
  return unavailable(error);
}

/** An answer that was there and did not hold, as against an issuer that is not there. */
function isOurs(error: unknown): boolean {
  if (error instanceof ResponseBodyError) return error.status < 500;
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && INVALID.has(code);
}

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

function unavailable(cause: unknown): Fault {
  return new Fault('auth.issuer-unavailable', 503, 'Nobody can be signed in at the moment.', {
    retryAfterMs: 1_000,
    cause,
  });
}
