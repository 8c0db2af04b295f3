import { LRUCache } from 'lru-cache';
import { Fault } from '@facet/platform';
import { createReplayGuard } from '../replay.js';
import type { Session } from './session.js';
import type { SessionStore } from './store.js';

export interface MemoryStoreOptions {
  /** The most sessions that live at once; beyond it none begins until one has ended. Default 50,000, about 100 MB. */
  readonly maxSessions?: number;
}

/** Sessions in this process: for one instance, and gone when it ends. */
export function createMemoryStore(options: MemoryStoreOptions = {}): SessionStore {
  const { maxSessions = 50_000 } = options;
  const sessions = new LRUCache<string, Session>({ max: maxSessions });
  const uses = createReplayGuard();
  const locks = new Set<string>();
  const where = (fits: (session: Session) => boolean) => Promise.resolve([...sessions.values()].filter(fits));

  return {
    async create(session, idleMs) {
      if (sessions.size >= maxSessions) sessions.purgeStale();
      if (sessions.size >= maxSessions) throw full();
      await Promise.resolve(sessions.set(session.key, session, { ttl: idleMs }));
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

function full(): Fault {
  return new Fault(
    'session.store-full',
    503,
    'Too many are signed in here; nobody else can sign in until one has signed out.',
    { retryAfterMs: 30_000 },
  );
}
