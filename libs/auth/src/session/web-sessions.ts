import type { Audit, Authenticator } from '@facet/access';
import { createKeySet } from '../bearer/key-set.js';
import { sessionAuthenticator } from './authenticator.js';
import { Endpoints } from './endpoints.js';
import { createMemoryStore } from './memory-store.js';
import { createProvider } from './provider.js';
import { RedisStore } from './redis-store.js';
import { Sessions } from './sessions.js';
import type { SessionStore } from './store.js';

export interface WebSessionsOptions {
  /** The issuer's identifier, exactly as it names itself. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Scopes to ask for, with spaces between; `openid` among them. */
  readonly scope: string;
  /** Where browsers find this gateway: `https://shop.example.com`. */
  readonly publicOrigin: string;
  /** Other origins whose pages may call, beside the gateway's own. Default none. */
  readonly allowedOrigins?: readonly string[];
  /** Default 30 minutes. */
  readonly idleMs?: number;
  /** Default 12 hours. */
  readonly absoluteMs?: number;
  /** Where sessions are shared by all instances; in this process where undefined. */
  readonly redisUrl?: string | undefined;
  readonly audit: Audit;
  /** Told when the store's connection fails. */
  readonly onStoreError?: (error: Error) => void;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** Sign-in for browsers: who a request's cookie stands for, the /auth endpoints, and what they need. */
export interface WebSessions {
  readonly authenticator: Authenticator;
  readonly endpoints: Endpoints;
  /** Resolves where sessions can be checked: for readiness. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** Wires sign-in for browsers. Nothing is asked of the issuer before somebody signs in. */
export function createWebSessions(options: WebSessionsOptions): WebSessions {
  const store = storeOf(options);
  const provider = createProvider(options);
  const sessions = new Sessions({ ...options, store, provider });
  const origins = [options.publicOrigin, ...(options.allowedOrigins ?? [])] as const;
  const keys = createKeySet({ issuer: options.issuer });
  return {
    authenticator: sessionAuthenticator({ sessions, origins }),
    endpoints: new Endpoints({ ...options, sessions, store, provider, keys, origins }),
    check: () => store.check(),
    close: () => store.close(),
  };
}

function storeOf({ redisUrl, clientId, onStoreError }: WebSessionsOptions): SessionStore {
  if (redisUrl === undefined) return createMemoryStore();
  return new RedisStore({
    url: redisUrl,
    client: clientId,
    ...(onStoreError === undefined ? {} : { onError: onStoreError }),
  });
}
