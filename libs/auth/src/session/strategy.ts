import passport from 'passport';
import { randomNonce, randomState, type Configuration, type TokenEndpointResponse } from 'openid-client';
import { Strategy, type AuthenticateOptions, type StrategyOptions } from 'openid-client/passport';

/** What passport hands to a strategy here: an address, and the sign-in's own memory in place of a session. */
export interface LoginRequest {
  readonly method: 'GET';
  /** The callback's address with its query; undefined begins a sign-in. */
  readonly callback: URL | undefined;
  readonly session: Record<string, unknown>;
}

/** What the strategy came to: a way to the issuer, or what the issuer gave. */
export type LoginOutcome =
  | { readonly redirect: string }
  | { readonly tokens: Tokens }
  /** The issuer said no, or the request belongs to no sign-in. */
  | { readonly refused: string };

export type Tokens = TokenEndpointResponse & {
  claims(): Readonly<Record<string, unknown>> | undefined;
  expiresIn(): number | undefined;
};

/** openid-client's own strategy, with `state` and `nonce` beside PKCE in every request (RFC 9700, section 2.1). */
class WebStrategy extends Strategy {
  override authorizationRequestParams<T extends AuthenticateOptions>(
    request: Parameters<Strategy['authorizationRequestParams']>[0],
    options: T,
  ): URLSearchParams | Record<string, string> | undefined {
    const parameters = new URLSearchParams(super.authorizationRequestParams(request, options));
    parameters.set('state', randomState());
    parameters.set('nonce', randomNonce());
    return parameters;
  }

  override currentUrl(request: Parameters<Strategy['currentUrl']>[0]): URL {
    const { callback } = request as unknown as LoginRequest;
    return callback ?? new URL(this.callbackURL);
  }

  override shouldInitiateAuthRequest(request: Parameters<Strategy['shouldInitiateAuthRequest']>[0]): boolean {
    return (request as unknown as LoginRequest).callback === undefined;
  }

  constructor(
    private readonly callbackURL: string,
    options: StrategyOptions,
  ) {
    super({ ...options, callbackURL }, (tokens, verified) => {
      verified(null, tokens);
    });
  }
}

export interface LoginOptions {
  readonly configuration: Configuration;
  readonly callbackUrl: string;
  readonly scope: string;
}

/** Runs a sign-in's two halves through passport. */
export function createLogin({ configuration, callbackUrl, scope }: LoginOptions) {
  const own = new passport.Passport();
  own.use('web', new WebStrategy(callbackUrl, { config: configuration, scope, sessionKey: 'checks' }));
  return (request: LoginRequest): Promise<LoginOutcome> =>
    new Promise((resolve, reject) => {
      const done = (error: unknown, tokens?: unknown, info?: unknown) => {
        if (error instanceof Error) reject(error);
        else if (error) reject(new Error('the strategy failed', { cause: error }));
        else if (tokens) resolve({ tokens: tokens as Tokens });
        else resolve({ refused: (info as { message?: string } | undefined)?.message ?? 'refused' });
      };
      const response = redirection((redirect) => resolve({ redirect }));
      const run = own.authenticate('web', { session: false }, done) as Middleware;
      run(request, response, reject);
    });
}

type Middleware = (request: LoginRequest, response: object, next: (error: unknown) => void) => void;

/** As much of a response as a strategy's redirect writes to. */
function redirection(onRedirect: (location: string) => void) {
  let location = '';
  return {
    statusCode: 200,
    setHeader(name: string, value: string) {
      if (name.toLowerCase() === 'location') location = value;
    },
    end: () => onRedirect(location),
  };
}
