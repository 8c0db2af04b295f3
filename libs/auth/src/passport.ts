import type { Authenticator, AuthRequest } from '@facet/access';
import type { Caller } from '@facet/contracts';
import { Fault } from '@facet/platform';
import passport from 'passport';

/**
 * A passport strategy over an authenticator: `success` with the caller, `fail` where there is no credential or one
 * that does not hold, `error` for everything else. It works in any passport application (`AuthGuard` of
 * `@nestjs/passport` too); `toRequest` says how its requests read.
 */
export class AuthenticatorStrategy<Request> extends passport.Strategy {
  constructor(
    override readonly name: string,
    private readonly authenticator: Authenticator,
    private readonly toRequest: (request: Request) => AuthRequest,
  ) {
    super();
  }

  override authenticate(request: unknown): void {
    const { success, fail, error } = this as unknown as Actions;
    this.authenticator.authenticate(this.toRequest(request as Request)).then(
      (caller) => (caller === undefined ? fail(undefined, 401) : success(caller)),
      (cause: unknown) =>
        cause instanceof Fault && cause.status < 500 ? fail(cause, cause.status) : error(cause),
    );
  }
}

/** What passport puts on a strategy for each request; its types leave them out. */
interface Actions {
  success(this: void, caller: Caller): void;
  fail(this: void, challenge: unknown, status: number): void;
  error(this: void, cause: unknown): void;
}

interface Carrier {
  readonly authRequest: AuthRequest;
}

/** The authenticator with passport in between, so that a gateway's callers are proven by a passport strategy. */
export function throughPassport(name: string, authenticator: Authenticator): Authenticator {
  const own = new passport.Passport();
  own.use(new AuthenticatorStrategy<Carrier>(name, authenticator, ({ authRequest }) => authRequest));
  return {
    ...authenticator,
    authenticate: (authRequest) =>
      new Promise((resolve, reject) => {
        const done = (error: unknown, caller?: Caller | false | null, info?: unknown) => {
          if (error instanceof Error) reject(error);
          else if (info instanceof Fault) reject(info);
          else resolve(caller === false || caller === null ? undefined : caller);
        };
        const run = own.authenticate(name, { session: false }, done) as Middleware;
        run({ authRequest }, {}, reject);
      }),
  };
}

type Middleware = (request: Carrier, response: object, next: (error: unknown) => void) => void;
