/** One operation of a gateway as its document describes it: all that a call needs to know at run time. */
export interface Operation {
  readonly method: string;
  /** `/api/products/{id}` */
  readonly path: string;
  /** The fields of the input that are sent in the query; those that `path` does not name are the body's. */
  readonly query?: readonly string[];
  /** Whether it is done once for each `Idempotency-Key`. */
  readonly once?: true;
  /** The codes of its problems. A gateway that is newer than the client may have others: `client.undocumented`. */
  readonly codes?: readonly string[];
}

/** What a generated client says of an operation's request. */
interface Data {
  readonly path?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
}

type Fields<D, Place extends keyof Data> = D extends { readonly [P in Place]?: infer Found }
  ? [NonNullable<Found>] extends [never]
    ? unknown
    : NonNullable<Found>
  : unknown;

type Flat<T> = { [K in keyof T]: T[K] };

/** What a call takes: the fields of path, query and body in one object. */
export type InputOf<D> = Flat<Fields<D, 'path'> & Fields<D, 'query'> & Fields<D, 'body'>>;

/** A part that an answer does without, and why. */
export type DegradedOf<Answer> = Answer extends { meta?: { degraded?: readonly (infer Degraded)[] } }
  ? Degraded
  : never;

/** The problem of RFC 9457, as a gateway writes it. */
export interface Problem<Code extends string = string> {
  /** Stable: what programs decide by. */
  readonly code: Code;
  /** The HTTP status; 0 where no answer came. */
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly type?: string;
  readonly traceId?: string;
  /** The fields of the input that were refused. */
  readonly fields?: readonly { readonly field: string; readonly message: string }[];
  /** The service that is missing. */
  readonly service?: string;
}

/** What the client itself says where the gateway did not. */
export type ClientProblem = Problem<
  | 'client.unreachable'
  | 'client.timeout'
  /** The answer is not what a gateway sends: another server stands between, or it broke off. */
  | 'client.bad-answer'
  /** A limit is used up; nothing was sent. */
  | 'client.rate-limited'
  /** What the caller is proven by could not be had: no token, no key. */
  | 'client.no-credentials'
  /** A problem with a code that the client was made without; `undocumentedCode` is what the gateway has said. */
  | 'client.undocumented'
> & { readonly undocumentedCode?: string };

export interface Answered<Answer> {
  readonly ok: true;
  readonly value: Answer;
  readonly status: number;
  /** The parts that the answer does without; empty where it is whole. */
  readonly degraded: readonly DegradedOf<Answer>[];
  readonly headers: Headers;
}

export interface Refused<P> {
  readonly ok: false;
  readonly problem: P;
  /** How long to wait before it can help to ask again, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** The problems that a call may end in, from the codes that its operation has, each with its status. */
export type ProblemsOf<Codes> =
  | { [Code in keyof Codes & string]: Problem<Code> & { readonly status: Codes[Code] } }[keyof Codes & string]
  | ClientProblem;
export type Result<Answer, Codes> = Answered<Answer> | Refused<ProblemsOf<Codes>>;

export interface CallOptions {
  /** Ends the call; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** How long the call may take with all its attempts, in milliseconds. Default: the client's. */
  readonly timeoutMs?: number;
  /** A key to do the same thing under once more, say after a restart. Default: a new one for each call. */
  readonly idempotencyKey?: string;
}

export interface StreamOptions extends CallOptions {
  /** How the pieces come. Default `ndjson`. */
  readonly format?: 'ndjson' | 'sse';
}

type Arguments<Input, Options> =
  Record<never, never> extends Input ? [input?: Input, options?: Options] : [input: Input, options?: Options];

/** Calls an operation. It resolves with a refusal too, and rejects only where its own signal ends it. */
export type Endpoint<D, Responses, Codes> = (
  ...given: Arguments<InputOf<D>, CallOptions>
) => Promise<Result<Responses[keyof Responses], Codes>>;

/** A refusal that comes instead of pieces, or in the middle of them. */
export interface ErrorPiece<Codes> {
  readonly event: 'error';
  readonly problem: ProblemsOf<Codes>;
}

/** The same, and `stream`: the answer piece by piece, as each is ready. A refusal is the last piece, `error`. */
export type StreamedEndpoint<D, Responses, Codes, Piece> = Endpoint<D, Responses, Codes> & {
  readonly stream: (
    ...given: Arguments<InputOf<D>, StreamOptions>
  ) => AsyncIterable<Piece | ErrorPiece<Codes>>;
};
