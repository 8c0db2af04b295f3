/**
 * One request, from its first byte to its last: what `?explain=1`, `Server-Timing`, the access log, metrics, spans and the
 * console are made from. It is plain JSON, and is built only for who reads it (`RequestRecorder`). Times are milliseconds
 * from the start of the request, except `at`. It has no body, no token, no value of a query and nothing personal.
 */
export interface RequestRecord {
  /** The request id, as in `X-Request-Id`. */
  readonly id: string;
  /** 32 hexadecimal digits (W3C Trace Context). */
  readonly traceId: string;
  /** Of the request's server span, 16 hexadecimal digits. */
  readonly spanId: string;
  /** The span that the client named in `traceparent`. */
  readonly parentSpanId?: string;
  /** Whether the trace is sampled from its head on. */
  readonly sampled: boolean;
  readonly gateway: string;
  /** When it began, in milliseconds since 1970, to a hundredth. */
  readonly at: number;
  readonly durationMs: number;
  readonly method: string;
  /** The template, `/v1/products/:id`; `none` where no route fits. */
  readonly route: string;
  /** The path as it came, without its query. */
  readonly path: string;
  /** The names of the query's fields, without values. */
  readonly queryNames: readonly string[];
  readonly status: number;
  /** Why it was refused; absent for an answer. */
  readonly problem?: ProblemRecord;
  /** How the caller was authenticated (`session`, `bearer`, `api-key`); `anonymous` without a credential. */
  readonly client: string;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Allow-listed, lower case. */
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly responseHeaders: Readonly<Record<string, string>>;
  /** Whether the whole answer had been kept, or was made for another request at the same time: nothing was asked. */
  readonly kept: boolean;
  /** The parts that the answer does without. */
  readonly degraded: readonly string[];
  /** The name of the aggregation, where one made the answer. */
  readonly aggregation?: string;
  /** In the order of their declaration. */
  readonly parts: readonly PartRecord[];
  /** In the order in which they began. Empty where no service was needed. */
  readonly calls: readonly CallRecord[];
}

export interface ProblemRecord {
  /** The stable code, `upstream.timeout`. */
  readonly code: string;
  /** The service that is missing. */
  readonly service?: string;
  /** What refused: `breaker`, `bulkhead`, `no-instance`, `retry-budget`, a plan, … */
  readonly policy?: string;
  /** The code underneath, where the client is told another. */
  readonly reason?: string;
  /** What the innermost error says, never an answer's value. */
  readonly cause?: string;
}

/**
 * How a part came by its value. `fresh`, `cached`, `stale`: an answer. `default`: the default stands in. `missing`: it
 * failed and nothing stands in. `skipped`: there was nothing to ask. `unfinished`: the request ended first.
 */
export type PartState = 'fresh' | 'cached' | 'stale' | 'default' | 'missing' | 'skipped' | 'unfinished';

export interface PartRecord {
  readonly name: string;
  readonly kind: 'required' | 'optional' | 'deferred';
  readonly state: PartState;
  /** Why a value is missing: the code of the error. */
  readonly reason?: string;
  readonly service: string;
  readonly operation: string;
  readonly startMs: number;
  readonly endMs: number;
  /** How old an answer was when it arrived. */
  readonly ageMs?: number;
  /** The names of the parts whose values its input is made from. */
  readonly needs: readonly string[];
  /** Whether the answer would have come earlier if this part had. */
  readonly critical: boolean;
  /** Its calls, as indices of `RequestRecord.calls`. */
  readonly calls: readonly number[];
}

/** Where the answer of a call came from. `joined`: from a call of another request, which was under way. */
export type CallSource = 'fresh' | 'cached' | 'stale' | 'joined' | 'none';

export interface CallRecord {
  readonly service: string;
  readonly operation: string;
  readonly kind: 'query' | 'command';
  readonly priority: 'high' | 'normal' | 'low';
  readonly source: CallSource;
  readonly startMs: number;
  /** Absent for a call that nobody waited for any more. */
  readonly endMs?: number;
  /** How long it waited for a place in the bulkhead. */
  readonly queueMs: number;
  /** `ok`, or the code of its fault. */
  readonly code: string;
  /** How many ids a call by ids carried. */
  readonly ids?: number;
  /** Every request that was sent for it, in the order of their start. */
  readonly attempts: readonly AttemptRecord[];
}

export interface AttemptRecord {
  /** The instance's address, `host:port`. */
  readonly instance: string;
  /** `redirect`: the first instance asked for another, or does not know the operation. */
  readonly why: 'first' | 'retry' | 'hedge' | 'redirect';
  readonly startMs: number;
  readonly endMs?: number;
  /** How long it waited for an instance or for the back-off of a retry, before it was sent. */
  readonly waitMs: number;
  /** `ok`, `remote` for an error that the service answered with, or the code of what failed. */
  readonly code: string;
  /** Of its client span; only where traces are exported. */
  readonly spanId?: string;
  /** What the service says of its own share, where it was asked and can. */
  readonly server?: ServerRecord;
}

/** The service's own times, in milliseconds. */
export interface ServerRecord {
  /** From the frame's arrival until the handler began. */
  readonly queueMs: number;
  readonly handlerMs: number;
  readonly sql: readonly SqlRecord[];
}

export interface SqlRecord {
  /** The statement with its parameters' places, never their values. */
  readonly statement: string;
  /** From the begin of the handler. */
  readonly startMs: number;
  readonly ms: number;
  readonly rows: number;
}
