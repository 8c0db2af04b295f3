import { type Audit, type AuthRequest, headerValues } from '@facet/access';
import { Fault } from '@facet/platform';
import type { z } from 'zod';
import type { KeySet } from '../bearer/key-set.js';
import type { endedAnswer, logoutAnswer, sessionsAnswer, userAnswer } from './answers.js';
import { sessionOf } from './authenticator.js';
import { localPath, requireCsrfHeader, requireOwnOrigin } from './browser.js';
import {
  cookieValues,
  loginCookie,
  loginCookieName,
  SESSION_COOKIE,
  sessionCookie,
  surplusLogins,
  withoutLoginCookie,
  withoutSessionCookie,
} from './cookies.js';
import { NOTICE_LIFE_MS, invalid, verifyLogoutToken } from './logout-token.js';
import { labelOf, LOGIN_MS, type LoginSeal, type PendingLogin } from './pending-login.js';
import type { Provider } from './provider.js';
import { keyOf, type Proof, type Session } from './session.js';
import type { Sessions } from './sessions.js';
import type { SessionStore } from './store.js';

export interface EndpointOptions {
  readonly sessions: Sessions;
  readonly store: SessionStore;
  readonly provider: Provider;
  readonly seal: LoginSeal;
  /** The issuer's keys, for what it sends by the back channel. */
  readonly keys: KeySet;
  readonly issuer: string;
  readonly clientId: string;
  /** The origins whose pages may call; the first is the gateway's own. */
  readonly origins: readonly [string, ...string[]];
  readonly audit: Audit;
}

/** What an endpoint answers. Every answer is for one browser: none may be stored. */
export interface Answer {
  readonly status: number;
  readonly location?: string;
  readonly cookies?: readonly string[];
  readonly body?: unknown;
}

type Request = Pick<AuthRequest, 'method' | 'headers' | 'url' | 'requestId'>;

/** What signing in and out is made of, apart from any web framework. Each throws a Fault where it refuses. */
export class Endpoints {
  constructor(private readonly options: EndpointOptions) {}

  /** GET /auth/login?returnTo=/path: off to the issuer. */
  async login(request: Request): Promise<Answer> {
    const { provider, seal, store, origins } = this.options;
    const [origin] = origins;
    const returnTo = localPath(request.url.searchParams.get('returnTo') ?? '/', origin);
    if (isOtherNameOf(origin, request)) {
      return {
        status: 302,
        location: `${origin}/auth/login?${new URLSearchParams({ returnTo }).toString()}`,
      };
    }
    // Nobody is sent to sign in where no session could be begun for them afterwards.
    await store.check();
    const { location, checks } = await provider.begin();
    const value = await seal.seal({ ...checks, returnTo });
    const surplus = surplusLogins(request).map(withoutLoginCookie);
    const cookie = loginCookie(labelOf(checks.state), { value, ttlMs: LOGIN_MS });
    return { status: 302, location, cookies: [...surplus, cookie] };
  }

  /** GET /auth/callback: back from the issuer, with a code. A sign-in's answer counts once. */
  async callback(request: Request): Promise<Answer> {
    const [state = '', ...more] = request.url.searchParams.getAll('state');
    const name = loginCookieName(labelOf(state));
    try {
      const login = more.length === 0 ? await this.#pendingLogin(request, { state, name }) : undefined;
      if (login === undefined) throw noSignIn();
      const proof = await this.#proofOf(request, login);
      const [previous] = cookieValues(request, SESSION_COOKIE);
      const device = headerValues(request, 'user-agent')[0] ?? '';
      const begun = await this.options.sessions.begin(proof, { previous, device });
      this.#record('sign-in', begun.session, request);
      const cookies = [sessionCookie(begun.secret), withoutLoginCookie(name)];
      return { status: 303, location: login.returnTo, cookies };
    } catch (error) {
      const code = error instanceof Fault ? error.code : 'internal';
      this.options.audit({ type: 'sign-in', outcome: 'failure', code, requestId: request.requestId });
      throw error;
    }
  }

  /** The sign-in of this browser that an answer of the issuer belongs to. */
  async #pendingLogin(
    request: Request,
    { state, name }: { readonly state: string; readonly name: string },
  ): Promise<PendingLogin | undefined> {
    const [sealed, ...more] = cookieValues(request, name);
    if (sealed === undefined || more.length > 0) return undefined;
    const login = await this.options.seal.open(sealed);
    return login?.state === state ? login : undefined;
  }

  /** Only what the issuer has taken is remembered as used: nobody else can fill that memory. */
  async #proofOf(request: Request, login: PendingLogin): Promise<Proof> {
    const { provider, store } = this.options;
    const proof = await provider.complete(request.url, login);
    if (await store.firstUse(`sign-in:${keyOf(login.state)}`, LOGIN_MS)) return proof;
    if (proof.refreshToken !== undefined) await provider.revoke(proof.refreshToken).catch(() => undefined);
    throw noSignIn();
  }

  /** GET /auth/user: what the page may know of its user. */
  async user(request: Request): Promise<Answer> {
    const session = await this.#signedIn(request);
    const { subject, name, email, roles, customerId } = session;
    const endsAt = new Date(this.options.sessions.endOf(session)).toISOString();
    const body = { subject, name, email, roles: [...roles], customerId, session: { id: session.id, endsAt } };
    return { status: 200, body: body satisfies z.input<typeof userAnswer> };
  }

  /** POST /auth/logout: ends this session; `location` is where the issuer's own may be ended too. */
  async logout(request: Request): Promise<Answer> {
    const session = await this.#signedIn(request);
    await this.options.sessions.end(session);
    this.#record('sign-out', session, request);
    const location = await this.options.provider.signOutUrl().catch(() => undefined);
    const body: z.input<typeof logoutAnswer> = { location: location ?? null };
    return { status: 200, cookies: [withoutSessionCookie()], body };
  }

  /** GET /auth/sessions: where else this user is signed in. */
  async list(request: Request): Promise<Answer> {
    const current = await this.#signedIn(request);
    const items = (await this.options.sessions.of(current.subject)).map((session) => ({
      id: session.id,
      device: session.device,
      createdAt: new Date(session.createdAt).toISOString(),
      lastSeenAt: new Date(session.lastSeenAt).toISOString(),
      current: session.key === current.key,
    }));
    return { status: 200, body: { items } satisfies z.input<typeof sessionsAnswer> };
  }

  /** DELETE /auth/sessions: all of the user's but this one. DELETE /auth/sessions/:id: that one. */
  async endOthers(request: Request, id?: string): Promise<Answer> {
    const { sessions } = this.options;
    const current = await this.#signedIn(request);
    const all = await sessions.of(current.subject);
    const others = all.filter((it) => (id === undefined ? it.key !== current.key : it.id === id));
    if (id !== undefined && others.length === 0) {
      throw new Fault('auth.session-not-found', 404, 'You have no session by that id.');
    }
    await Promise.all(others.map((session) => sessions.end(session)));
    for (const session of others) this.#record('session.ended', session, request);
    return { status: 200, body: { ended: others.length } satisfies z.input<typeof endedAnswer> };
  }

  /** POST /auth/backchannel-logout: the issuer says that somebody's session there has ended. */
  async backchannelLogout(form: URLSearchParams, { requestId }: Pick<Request, 'requestId'>): Promise<Answer> {
    const { sessions, store } = this.options;
    const [token = '', ...more] = form.getAll('logout_token');
    if (more.length > 0) throw invalid('there are several');
    const notice = await verifyLogoutToken(token, this.options);
    if (!(await store.firstUse(`logout:${keyOf(notice.jti)}`, NOTICE_LIFE_MS)))
      throw invalid('it was used before');
    const { subject, providerSession } = notice;
    const named =
      providerSession === undefined
        ? await store.ofSubject(subject ?? '')
        : await store.ofProviderSession(providerSession);
    const meant = named.filter((it) => subject === undefined || it.subject === subject);
    await Promise.all(meant.map((session) => sessions.end(session)));
    for (const session of meant) this.#record('session.ended', session, { requestId });
    return { status: 200 };
  }

  async #signedIn(request: Request): Promise<Session> {
    const { sessions, origins } = this.options;
    requireOwnOrigin(request, origins);
    requireCsrfHeader(request);
    const session = await sessionOf(request, { sessions, origins });
    if (session === undefined) throw new Fault('auth.sign-in-required', 401, 'Sign in first.');
    return session;
  }

  #record(type: string, session: Session, { requestId }: Pick<Request, 'requestId'>): void {
    const { subject, client } = session;
    this.options.audit({ type, outcome: 'success', subject, client, authenticatedAs: 'session', requestId });
  }
}

function noSignIn(): Fault {
  return new Fault('auth.no-sign-in', 400, 'No sign-in is under way in this browser; begin again.');
}

/** A developer who came by 127.0.0.1: the callback goes to localhost, where the login's cookie must be. */
function isOtherNameOf(origin: string, request: Request): boolean {
  const { hostname, port } = new URL(origin);
  const [host] = headerValues(request, 'host');
  return hostname === 'localhost' && (host === `127.0.0.1:${port}` || host === `[::1]:${port}`);
}
