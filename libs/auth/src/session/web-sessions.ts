import type { Audit, Authenticator } from '@facet/access';
import { createKeySet } from '../bearer/key-set.js';
import { sessionAuthenticator } from './authenticator.js';
import { Endpoints } from './endpoints.js';
import type { ClientAuthMethod } from './issuer-client.js';
import type { IssuerTrouble } from './issuer-faults.js';
import { createMemoryStore } from './memory-store.js';
import { LoginSeal } from './pending-login.js';
import { createProvider } from './provider.js';
import { RedisStore } from './redis-store.js';
import { Sessions } from './sessions.js';
import type { SessionStore } from './store.js';

export interface WebSessionsOptions {
  /** The issuer's identifier, exactly as it names itself. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The secret that another instance may have, while one is replaced. */
  readonly otherClientSecret?: string | undefined;
  /** How this client proves itself to the issuer. Default: what the issuer's metadata say. */
  readonly clientAuth?: ClientAuthMethod | undefined;
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
  /** The most sessions that live in the process at once, where there is no Redis. Default 50,000. */
  readonly maxSessions?: number;
  /** Told where the issuer cannot be reached, or refuses this gateway itself. */
  readonly onIssuerTrouble?: (trouble: IssuerTrouble) => void;
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
  const { onIssuerTrouble: onTrouble } = options;
  const provider = createProvider({ ...options, ...(onTrouble === undefined ? {} : { onTrouble }) });
  const sessions = new Sessions({ ...options, store, provider });
  const origins = [options.publicOrigin, ...(options.allowedOrigins ?? [])] as const;
  const keys = createKeySet({ issuer: options.issuer });
  return {
    authenticator: sessionAuthenticator({ sessions, origins }),
    endpoints: new Endpoints({
      ...options,
      sessions,
      store,
      provider,
      keys,
      origins,
      seal: new LoginSeal(options),
    }),
    check: () => store.check(),
    close: () => store.close(),
  };
}

function storeOf({ redisUrl, clientId, onStoreError, maxSessions }: WebSessionsOptions): SessionStore {
  if (redisUrl === undefined) return createMemoryStore(maxSessions === undefined ? {} : { maxSessions });
  return new RedisStore({
    url: redisUrl,
    client: clientId,
    ...(onStoreError === undefined ? {} : { onError: onStoreError }),
  });
}
