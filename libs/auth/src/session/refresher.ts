import { setTimeout as sleep } from 'node:timers/promises';
import type { Audit } from '@facet/access';
import { InFlight } from '../in-flight.js';
import type { Provider } from './provider.js';
import type { Proof, Session } from './session.js';
import type { SessionStore } from './store.js';

export interface RefresherOptions {
  readonly store: SessionStore;
  readonly provider: Provider;
  readonly audit: Audit;
  readonly idleMs: number;
  readonly now: () => number;
}

/** Longer than the issuer is given to answer. */
const LOCK_MS = 15_000;
/** How soon a failed refresh is tried again. */
const RETRY_MS = 5_000;
const POLL_MS = 20;

/**
 * Asks the issuer whether a session still holds: once, however many requests and instances find that it is time.
 * With refresh tokens that rotate, a second call with the same token would end the session.
 */
export class Refresher {
  readonly #inFlight = new InFlight<Session | undefined>();

  constructor(private readonly options: RefresherOptions) {}

  isDue({ refreshToken, refreshAt }: Session): boolean {
    return refreshToken !== undefined && refreshAt !== undefined && this.options.now() >= refreshAt;
  }

  /** The session as it is now; undefined where it has ended. An issuer that is away changes nothing. */
  refresh(session: Session): Promise<Session | undefined> {
    return this.#inFlight.run(session.key, () => this.#overAll(session));
  }

  async #overAll(session: Session): Promise<Session | undefined> {
    const { store } = this.options;
    const until = performance.now() + LOCK_MS;
    for (; performance.now() < until; await sleep(POLL_MS)) {
      const release = await store.lock(`refresh:${session.key}`, LOCK_MS);
      try {
        const current = await store.find(session.key);
        if (current === undefined || !this.isDue(current)) return current;
        if (release !== undefined) return await this.#ask(current);
      } finally {
        await release?.();
      }
    }
    return session;
  }

  async #ask(session: Session): Promise<Session | undefined> {
    const { store, provider, audit, idleMs, now } = this.options;
    const { subject, client } = session;
    const proof = await provider.refresh(session.refreshToken ?? '').catch(() => undefined);
    if (proof === undefined) {
      audit({ type: 'session.refresh', outcome: 'failure', subject, client });
      const change = { refreshAt: now() + RETRY_MS };
      return (await store.update(session.key, change, idleMs)) ? { ...session, ...change } : undefined;
    }
    if (proof === 'refused' || (proof.subject !== '' && proof.subject !== subject)) {
      audit({ type: 'session.ended', outcome: 'denied', subject, client, code: 'invalid_grant' });
      await store.remove(session);
      return undefined;
    }
    const change = proof.subject === '' ? withoutClaims(proof) : renewed(proof, session);
    if (await store.update(session.key, change, idleMs)) return { ...session, ...change };
    // Somebody signed out meanwhile: what the issuer has just given must not outlive that.
    if (proof.refreshToken !== undefined) await provider.revoke(proof.refreshToken).catch(() => undefined);
    return undefined;
  }
}

/** The issuer's own session stays the one that the user signed in with. */
function renewed({ providerSession: _, ...proof }: Proof, { subject }: Session) {
  return { ...proof, subject };
}

/** A refresh without an ID token: who it is stays as it was. */
function withoutClaims({ refreshToken, refreshAt, scopes }: Proof) {
  return {
    scopes,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(refreshAt === undefined ? {} : { refreshAt }),
  };
}
