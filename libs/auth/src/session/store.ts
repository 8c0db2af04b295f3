import type { Session, SessionChange } from './session.js';

/**
 * Where sessions are. Every method throws the fault `session.store-unavailable` (503) where the store cannot be
 * reached: without it nobody is signed in, and nobody is signed out either.
 */
export interface SessionStore {
  /**
   * `idleMs`: how long it may lie unused before the store may forget it. Where there is no room without dropping one that
   * lives, it throws the fault `session.store-full` (503).
   */
  create(session: Session, idleMs: number): Promise<void>;
  find(key: string): Promise<Session | undefined>;
  /** False where the session has gone: a change never brings one back. */
  update(key: string, change: SessionChange, idleMs: number): Promise<boolean>;
  /** False where another was quicker. */
  remove(session: Session): Promise<boolean>;
  ofSubject(subject: string): Promise<Session[]>;
  ofProviderSession(providerSession: string): Promise<Session[]>;
  /** True the first time that it is asked for `name` within `ttlMs`. */
  firstUse(name: string, ttlMs: number): Promise<boolean>;
  /** A lock over all instances; undefined where another holds it. It falls open by itself after `ttlMs`. */
  lock(name: string, ttlMs: number): Promise<(() => Promise<void>) | undefined>;
  /** Resolves where the store answers: for readiness. */
  check(): Promise<void>;
  close(): Promise<void>;
}
