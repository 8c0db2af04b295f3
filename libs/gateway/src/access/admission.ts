import { auditedCaller, checkAccess, type AuthRequest } from '@facet/access';
import type { Caller } from '@facet/contracts';
import { Fault } from '@facet/platform';
import type { FastifyRequest } from 'fastify';
import type { GatewayAuth } from '../auth.js';
import type { RequestContext } from '../request/context.js';
import type { Step, StepResult } from '../request/steps.js';
import { rawBodyOf } from '../http/json-body.js';

/**
 * Proves the caller, where there is somebody to prove. What they may do comes later, as does their rate limit; a credential
 * that is refused never gets there: `onRefused` is the step for it, whose own refusal goes before.
 */
export function authenticate(auth: GatewayAuth, onRefused: Step | undefined): Step {
  const { authenticator } = auth;
  return (context) => {
    const { headers, raw } = context.raw;
    if (authenticator.isConcerned?.(headers, raw.url ?? '') === false) return undefined;
    return authenticateRequest(auth, onRefused, context);
  };
}

function authenticateRequest(
  auth: GatewayAuth,
  onRefused: Step | undefined,
  context: RequestContext,
): StepResult | Promise<StepResult> {
  let authenticated: Caller | undefined | Promise<Caller | undefined>;
  try {
    authenticated = auth.authenticator.authenticate(new AuthenticatedRequest(context));
  } catch (error) {
    return refused(auth, onRefused, { error, context });
  }
  if (!(authenticated instanceof Promise)) {
    context.authenticatedAs(authenticated);
    return undefined;
  }
  return authenticated.then(
    (caller) => {
      context.authenticatedAs(caller);
      return undefined;
    },
    (error: unknown) => refused(auth, onRefused, { error, context }),
  );
}

async function refused(
  auth: GatewayAuth,
  onRefused: Step | undefined,
  { error, context }: { readonly error: unknown; readonly context: RequestContext },
): Promise<StepResult> {
  const isRefused = error instanceof Fault && error.status < 500;
  const before = isRefused ? await onRefused?.(context) : undefined;
  if (before !== undefined) return before;
  challenge(auth, error, context);
  return error as Error;
}

/** Holds the caller against the route's rule. What is no route of the gateway's own lets nobody in. */
export function checkRoute(auth: GatewayAuth | undefined): Step {
  return (context) => {
    try {
      if (context.route === undefined) throw new Fault('access.denied', 403, 'Nobody may use this.');
      checkAccess(context.route.access, context.caller);
      return undefined;
    } catch (error) {
      if (auth !== undefined) challenge(auth, error, context);
      return error as Error;
    }
  };
}

/** Says with a refusal how to be let in, and puts it on record. */
function challenge(auth: GatewayAuth, error: unknown, context: RequestContext): void {
  if (!(error instanceof Fault) || (error.status !== 401 && error.status !== 403)) return;
  const { method, routePath, requestId, caller } = context;
  const fields = auth.authenticator.challenge(error, new AuthenticatedRequest(context));
  for (const name in fields) context.setField(name, fields[name] as string);
  auth.audit?.({
    type: 'access',
    outcome: 'denied',
    code: error.code,
    target: `${method} ${routePath}`,
    requestId,
    ...auditedCaller(caller),
  });
}

/** A request as authenticators look at it; what none of them looks at is not made. */
class AuthenticatedRequest implements AuthRequest {
  readonly method: string;
  readonly requestId: string;
  readonly remoteAddress: string;
  readonly #request: FastifyRequest;
  #headers: AuthRequest['headers'] | undefined;

  constructor({ raw, requestId, address }: RequestContext) {
    this.method = raw.method;
    this.requestId = requestId;
    this.remoteAddress = address;
    this.#request = raw;
  }

  get headers(): AuthRequest['headers'] {
    return (this.#headers ??= pairsOf(this.#request.raw.rawHeaders));
  }

  get url(): URL {
    return urlOf(this.#request);
  }

  /** Without scheme and host where they are there (RFC 9112, section 3.2.2), as the router reads it. */
  get target(): string {
    const target = (this.#request.raw.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '');
    return target.startsWith('/') ? target : `/${target}`;
  }

  body(): Promise<Uint8Array> {
    return Promise.resolve(rawBodyOf(this.#request));
  }
}

function pairsOf(rawHeaders: readonly string[]): AuthRequest['headers'] {
  const pairs: (readonly [string, string])[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    pairs.push([(rawHeaders[index] ?? '').toLowerCase(), rawHeaders[index + 1] ?? '']);
  }
  return pairs;
}

function urlOf({ protocol, host, raw: { url = '/' } }: FastifyRequest): URL {
  const parsed = URL.parse(url.startsWith('/') ? `${protocol}://${host}${url}` : url);
  if (parsed === null) throw new Fault('http.bad-request', 400, 'The Host header is not a host.');
  return parsed;
}
