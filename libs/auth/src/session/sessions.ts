import { randomUUID } from 'node:crypto';
import type { Audit } from '@facet/access';
import type { Provider } from './provider.js';
import { Refresher } from './refresher.js';
import { isSecret, keyOf, newSecret, type Proof, type Session } from './session.js';
import type { SessionStore } from './store.js';

export interface SessionsOptions {
  readonly store: SessionStore;
  readonly provider: Provider;
  readonly audit: Audit;
  readonly clientId: string;
  /** A session that is not used for so long ends, in milliseconds. Default 30 minutes. */
  readonly idleMs?: number;
  /** A session ends after so long in any case, in milliseconds. Default 12 hours. */
  readonly absoluteMs?: number;
  readonly now?: () => number;
}

/** An idle session's clock is set back no oftener than this part of the limit: a read need not write. */
const TOUCH_PART = 10;
const DEVICE_LENGTH = 120;

/** The life of sessions: begun by a proof, found by a cookie, ended by limits, by their owner or by the issuer. */
export class Sessions {
  readonly #refresher: Refresher;
  readonly #idleMs: number;
  readonly #absoluteMs: number;
  readonly #now: () => number;

  constructor(private readonly options: SessionsOptions) {
    const { idleMs = 30 * 60_000, absoluteMs = 12 * 3_600_000, now = Date.now } = options;
    this.#idleMs = idleMs;
    this.#absoluteMs = absoluteMs;
    this.#now = now;
    this.#refresher = new Refresher({ ...options, idleMs, now });
  }

  /** A new session with a new secret; whatever the browser had before ends. Gives the cookie's value. */
  async begin(proof: Proof, { previous, device }: { previous: string | undefined; device: string }) {
    const { store, clientId: client } = this.options;
    if (previous !== undefined) {
      const old = await this.find(previous);
      if (old !== undefined) await this.end(old);
    }
    const secret = newSecret();
    const now = this.#now();
    const session: Session = {
      ...proof,
      key: keyOf(secret),
      id: randomUUID(),
      client,
      device: device.slice(0, DEVICE_LENGTH),
      createdAt: now,
      lastSeenAt: now,
      expiresAt: now + this.#absoluteMs,
    };
    await store.create(session, this.#idleMs);
    return { secret, session };
  }

  /** The session that a cookie stands for, refreshed where that is due; undefined where it stands for none. */
  async open(secret: string): Promise<Session | undefined> {
    const session = await this.find(secret);
    if (session === undefined) return undefined;
    const now = this.#now();
    if (now - session.lastSeenAt >= this.#idleMs / TOUCH_PART) {
      const idleMs = Math.min(this.#idleMs, session.expiresAt - now);
      if (!(await this.options.store.update(session.key, { lastSeenAt: now }, idleMs))) return undefined;
    }
    return this.#refresher.isDue(session) ? this.#refresher.refresh(session) : session;
  }

  /** When a session ends if nothing more happens, in milliseconds since 1970. */
  endOf({ lastSeenAt, expiresAt }: Session): number {
    return Math.min(expiresAt, lastSeenAt + this.#idleMs);
  }

  /** Ends a session here, and what the issuer gave for it there. An issuer that is away does not keep it alive. */
  async end(session: Session): Promise<void> {
    const { store, provider, audit } = this.options;
    const removed = await store.remove(session);
    if (!removed || session.refreshToken === undefined) return;
    await provider.revoke(session.refreshToken).catch(() => {
      const { subject, client } = session;
      audit({ type: 'session.revocation', outcome: 'failure', subject, client });
    });
  }

  /** One user's sessions, newest first. */
  async of(subject: string): Promise<Session[]> {
    const sessions = await this.options.store.ofSubject(subject);
    return sessions.filter((it) => this.#holds(it)).sort((a, b) => b.createdAt - a.createdAt);
  }

  private async find(secret: string): Promise<Session | undefined> {
    if (!isSecret(secret)) return undefined;
    const session = await this.options.store.find(keyOf(secret));
    if (session === undefined || this.#holds(session)) return session;
    await this.end(session);
    return undefined;
  }

  #holds(session: Session): boolean {
    return this.#now() < this.endOf(session);
  }
}
