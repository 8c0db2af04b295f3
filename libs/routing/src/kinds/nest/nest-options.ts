/** What is used of Nest's `ClientProxy`. */
export interface NestClient {
  connect(): Promise<unknown>;
  send(pattern: unknown, data: unknown): Values;
  close(): unknown;
  /** Says `disconnected` where the broker is lost. */
  readonly status?: { subscribe(next: (status: unknown) => void): Subscription };
  /** Lets metadata go along with a message, which its handler reads from Nest's context. */
  setOnDispatchHook?(hook: (packet: { readonly data: unknown; metadata?: unknown }) => void): void;
}

export interface Subscription {
  unsubscribe(): void;
}

/** An Observable. */
interface Values {
  subscribe(observer: {
    next: (value: unknown) => void;
    error: (error: unknown) => void;
    complete: () => void;
  }): Subscription;
}

/** Services behind a broker, or whatever else Nest has a client for. */
export interface NestOptions {
  /**
   * Makes a client: `() => ClientProxyFactory.create({ transport: Transport.NATS, … })`. Called for each connection, so that
   * one that broke is made anew.
   */
  readonly client: () => NestClient;
  /**
   * Makes what is sent of an input and of what goes along with it (deadline, trace, caller), for a broker with headers of its
   * own: `(data, headers) => new NatsRecordBuilder(data).setHeaders(…).build()`. Default: the input, with Nest's metadata.
   */
  readonly record?: (data: object, headers: Readonly<Record<string, string>>) => unknown;
  /** The largest answer, in bytes of its JSON. Default 1 MiB. */
  readonly maxAnswerBytes?: number;
  /** Requests that wait for an answer. Default 4,096. */
  readonly maxPending?: number;
  /** For the client to connect, in ms. Default 1,000. */
  readonly connectTimeoutMs?: number;
}

export interface ResolvedNest extends Required<Omit<NestOptions, 'record'>>, Pick<NestOptions, 'record'> {
  readonly service: string;
}
