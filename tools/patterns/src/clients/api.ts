/** What client code has to call servers with. */
export interface Api {
  /**
   * The body of the answer, parsed.
   *
   * @throws Error for any status but 200, and when `timeoutMs` is over
   */
  get<T>(path: string, options?: GetOptions): Promise<T>;
  /** The lines of an NDJSON answer, each when it arrives. */
  lines<T>(path: string, onLine: (line: T) => void): Promise<void>;
}

export interface GetOptions {
  readonly timeoutMs?: number;
}

/** Tells that something can be looked at: the first time is the first useful part. */
export type Show = (part: string) => void;

/** One screen as a client builds it, from nothing to all that it shows. */
export type BuildScreen = (api: Api, show: Show) => Promise<object>;
