/** One attempt of a call, before it is sent. */
export interface OutgoingRequest {
  readonly method: string;
  readonly url: URL;
  /** What is sent; credentials add to it. */
  readonly headers: Headers;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/** What proves the caller to a gateway: one kind for each kind of client. */
export interface Credentials {
  /** Whether fetch sends cookies. Default `omit`. */
  readonly cookies?: 'omit' | 'same-origin' | 'include';
  /** Adds what proves the caller. Called for each attempt; rejects where there is nothing to prove it by. */
  authorize(request: OutgoingRequest): void | Promise<void>;
  /** Told of a 401; resolves with whether another attempt may have what it takes. */
  refused?(request: OutgoingRequest): boolean | Promise<boolean>;
}
