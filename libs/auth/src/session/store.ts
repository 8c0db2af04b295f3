import type { Session, SessionChange } from './session.js';

/** A sign-in under way: what the callback is checked against, and where its user goes afterwards. */
export interface PendingLogin {
  /** What the strategy wants to see again: `state`, `nonce`, the PKCE verifier. */
  readonly checks: Readonly<Record<string, unknown>>;
  readonly returnTo: string;
}

/**
 * Where sessions are. Every method throws the fault `session.store-unavailable` (503) where the store cannot be
 * reached: without it nobody is signed in, and nobody is signed out either.
 */
export interface SessionStore {
  /** `idleMs`: how long it may lie unused before the store may forget it. */
  create(session: Session, idleMs: number): Promise<void>;
  find(key: string): Promise<Session | undefined>;
  /** False where the session has gone: a change never brings one back. */
  update(key: string, change: SessionChange, idleMs: number): Promise<boolean>;
  /** False where another was quicker. */
  remove(session: Session): Promise<boolean>;
  ofSubject(subject: string): Promise<Session[]>;
  ofProviderSession(providerSession: string): Promise<Session[]>;
  putLogin(key: string, login: PendingLogin, ttlMs: number): Promise<void>;
  /** Gives a login once and forgets it. */
  takeLogin(key: string): Promise<PendingLogin | undefined>;
  /** True the first time that it is asked for `name` within `ttlMs`. */
  firstUse(name: string, ttlMs: number): Promise<boolean>;
  /** A lock over all instances; undefined where another holds it. It falls open by itself after `ttlMs`. */
  lock(name: string, ttlMs: number): Promise<(() => Promise<void>) | undefined>;
  /** Resolves where the store answers: for readiness. */
  check(): Promise<void>;
  close(): Promise<void>;
}
