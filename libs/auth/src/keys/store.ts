/** What is known of a partner's key. */
export interface ApiKey {
  /** Names the key in lists, logs and signatures; not a secret. */
  readonly id: string;
  /** Whom it was given to. */
  readonly partner: string;
  /** The customer that the partner acts for. */
  readonly customerId?: string;
  readonly scopes: readonly string[];
  readonly plan: string;
  /** Milliseconds since 1970. */
  readonly expiresAt?: number;
  readonly revokedAt?: number;
  /** Where it is set, every request with this key must be signed by it (RFC 9421). A public JWK. */
  readonly signingKey?: Readonly<Record<string, unknown>>;
}

/** Where keys are kept. Only their hashes are. */
export interface ApiKeyStore {
  /** The key with this hash (`hashApiKey`), revoked and expired ones included. */
  findByHash(hash: string): Promise<ApiKey | undefined>;
}
