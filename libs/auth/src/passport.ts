import type { Authenticator, AuthRequest } from '@facet/access';
import type { Caller } from '@facet/contracts';
import { Fault } from '@facet/platform';
import passport from 'passport';

export interface AuthenticatorStrategyOptions<Request> {
  readonly authenticator: Authenticator;
  /** How the application's requests read. */
  readonly toRequest: (request: Request) => AuthRequest;
}

type Verified = (error: unknown, user?: unknown) => void;

/**
 * A passport strategy over an authenticator, for any Nest application: `class Bearer extends
 * PassportStrategy(AuthenticatorStrategy, 'bearer')` with a `validate(caller)`, run by `AuthGuard('bearer')`. It succeeds with
 * what `validate` gives, fails where there is no credential or one that does not hold, and is an error for everything else.
 * Gateways ask their authenticator directly: passport makes a promise, two closures and an Express request for each visitor.
 */
export class AuthenticatorStrategy<Request> extends passport.Strategy {
  constructor(
    private readonly options: AuthenticatorStrategyOptions<Request>,
    private readonly verify: (caller: Caller, done: Verified) => void,
  ) {
    super();
  }

  override authenticate(request: unknown): void {
    const { success, fail, error } = this as unknown as Actions;
    const { authenticator, toRequest } = this.options;
    const verified: Verified = (cause, user) => {
      if (cause !== null && cause !== undefined) error(cause);
      else if (user) success(user);
      else fail(undefined, 401);
    };
    Promise.resolve(authenticator.authenticate(toRequest(request as Request))).then(
      (caller) => (caller === undefined ? fail(undefined, 401) : this.verify(caller, verified)),
      (cause: unknown) =>
        cause instanceof Fault && cause.status < 500 ? fail(cause, cause.status) : error(cause),
    );
  }
}

/** What passport puts on a strategy for each request; its types leave them out. */
interface Actions {
  success(this: void, user: unknown): void;
  fail(this: void, challenge: unknown, status: number): void;
  error(this: void, cause: unknown): void;
}
