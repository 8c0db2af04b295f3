import { LRUCache } from 'lru-cache';
import { createReplayGuard } from '../replay.js';
import type { Session } from './session.js';
import type { PendingLogin, SessionStore } from './store.js';

export interface MemoryStoreOptions {
  /** The most sessions that are kept; beyond it the longest unused one goes. Default 10,000. */
  readonly maxSessions?: number;
  /** The most sign-ins under way; kept apart, so that strangers who begin many push nobody out. Default 10,000. */
  readonly maxLogins?: number;
}

/** Sessions in this process: for one instance, and gone when it ends. */
export function createMemoryStore(options: MemoryStoreOptions = {}): SessionStore {
  const { maxSessions = 10_000, maxLogins = 10_000 } = options;
  const sessions = new LRUCache<string, Session>({ max: maxSessions });
  const logins = new LRUCache<string, PendingLogin>({ max: maxLogins });
  const uses = createReplayGuard({ size: 10_000 });
  const locks = new Set<string>();
  const where = (fits: (session: Session) => boolean) => Promise.resolve([...sessions.values()].filter(fits));

  return {
    create(session, idleMs) {
      sessions.set(session.key, session, { ttl: idleMs });
      return Promise.resolve();
    },
    find: (key) => Promise.resolve(sessions.get(key)),
    update(key, change, idleMs) {
      const session = sessions.get(key);
      if (session !== undefined) sessions.set(key, { ...session, ...change }, { ttl: idleMs });
      return Promise.resolve(session !== undefined);
    },
    remove: ({ key }) => Promise.resolve(sessions.delete(key)),
    ofSubject: (subject) => where((session) => session.subject === subject),
    ofProviderSession: (id) => where((session) => session.providerSession === id),
    putLogin(key, login, ttlMs) {
      logins.set(key, login, { ttl: ttlMs });
      return Promise.resolve();
    },
    takeLogin(key) {
      const login = logins.get(key);
      logins.delete(key);
      return Promise.resolve(login);
    },
    firstUse: async (name, ttlMs) => uses.firstUse(name, ttlMs),
    lock(name) {
      if (locks.has(name)) return Promise.resolve(undefined);
      locks.add(name);
      return Promise.resolve(() => Promise.resolve(void locks.delete(name)));
    },
    check: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
