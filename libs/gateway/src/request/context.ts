import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RequestContext as CallerContext } from '@facet/access';
import type { Run } from '@facet/aggregation';
import { Cancellation, type Caller, type SentCall, type Signal } from '@facet/contracts';
import { continueTrace, Fault, formatTraceparent, type TraceSpan } from '@facet/platform';
import type { Watched } from '@facet/routing';
import { addressOf } from '../http/trusted-proxies.js';
import type { Refusal } from '../problems/problem.js';
import type { AskedCall } from '../record/calls.js';
import type { Route } from '../routes/route.js';
import type { Endpoint } from './endpoint.js';
import type { Reads } from './reads.js';

/** How often a request that is under way is looked at, in milliseconds. */
const LOOK_MS = 100;

export interface RequestTimes {
  /** For making the answer, in milliseconds. */
  readonly answerMs: number;
  /** …and then for the client to read it. */
  readonly readMs: number;
}

/** Who follows requests from their first byte to their last. */
export interface Lifecycle {
  readonly times: RequestTimes;
  /** The share of new traces that are sampled. */
  readonly sampleRatio: number;
  add(request: RequestContext): void;
  /** Its answer is not sent completely yet. */
  watch(request: RequestContext): void;
  /** It takes part in nothing any more; its answer may still have to be reported. */
  release(request: RequestContext): void;
  end(request: RequestContext): void;
}

/** One request and its answer: what is known of it from its first byte to its last. */
export class RequestContext implements CallerContext, Watched {
  readonly requestId = randomUUID();
  readonly trace: TraceSpan;
  readonly traceparent: string;
  readonly startedAt = performance.now();
  readonly deadline: number;

  /** The route that it is for; undefined where none of the gateway's own answers it. */
  route: Route | undefined;
  /** What its record is read from: the run of its aggregation, the call that it passed on, every call that it sent. */
  run: Run | undefined;
  forwarded: AskedCall | undefined;
  readonly calls: SentCall[] = [];
  /** What it has read, where its whole answer may be kept. */
  reads: Reads | undefined;
  /** Takes the place of cancelling it when its client leaves: others wait for the same answer. */
  onLeft: (() => void) | undefined;
  /** Whether services are asked for their own times. */
  wantsServerTimes = false;
  /** Whether its attempts have spans of their own. */
  wantsSpans = false;

  /** Whether load shedding counts it as under way. */
  isAdmitted = false;
  /** Whether it takes part in nothing any more. */
  isReleased = false;

  /** Whether its answer has been given. */
  isWritten = false;
  /** What one look at its header fields has found (`scanHeaders`). */
  headerFlags = 0;
  /** The status of the answer; 0 until it is decided. */
  status = 0;
  /** Whether its whole answer had been kept, or was another request's: it asked nothing itself. */
  isKept = false;
  /** The header fields that were sent, names and values in turns, and how many bytes of a body followed. */
  sent: readonly string[] = [];
  bytesOut = 0;
  /** When its answer was complete, or its client had left; 0 until then. */
  endedAt = 0;
  /** Header fields of the answer, names and values in turns, beside those below: a refusal has them too. */
  readonly fields: string[] = [];
  /** The fields that other origins' pages need. */
  cors: readonly string[] | undefined;
  contentType: string | undefined;
  cacheControl: string | undefined;
  etag: string | undefined;
  serverTiming: string | undefined;
  /** The request headers that the answer depends on, as flags of `varies`. */
  vary = 0;

  dueAt: number;
  isWatched = false;
  /** The next of those that are open on the same connection. */
  next: RequestContext | undefined;
  #isAnswered = false;
  #isLate = false;
  #isClosed = false;
  #cancellation: Cancellation | undefined;
  #controller: AbortController | undefined;
  #cancelled: Fault | undefined;
  #caller: Caller | undefined;
  #refusal: Refusal | undefined;
  #address: string | undefined;

  constructor(
    private readonly lifecycle: Lifecycle,
    /** As Fastify has it. */
    readonly raw: FastifyRequest,
    readonly reply: FastifyReply,
    readonly endpoint: Endpoint,
  ) {
    const given = raw.headers['traceparent'];
    this.trace = continueTrace(typeof given === 'string' ? given : undefined, lifecycle.sampleRatio);
    this.traceparent = formatTraceparent(this.trace);
    this.deadline = this.startedAt + lifecycle.times.answerMs;
    // What others may answer, by Fastify or on the socket, is looked at in each tick.
    this.dueAt = endpoint.isDirect ? this.startedAt + LOOK_MS : 0;
    this.route = endpoint.route;
    lifecycle.add(this);
  }

  get traceId(): string {
    return this.trace.traceId;
  }

  /** Told by the aggregation that answers it. */
  started(run: Run): void {
    this.run = run;
  }

  get method(): string {
    return this.raw.method;
  }

  /** The pattern of the route, never the address; `none` where nothing answers it. */
  get routePath(): string {
    return this.endpoint.path;
  }

  /** Whom it comes from: its peer, or whom a trusted proxy names. */
  get address(): string {
    return (this.#address ??= addressOf(this.raw));
  }

  /** Who calls, once it is proven; undefined for a visitor. */
  get caller(): Caller | undefined {
    return this.#caller;
  }

  authenticatedAs(caller: Caller | undefined): void {
    // The same object and no copy of it: what is worked out of a caller is remembered by it.
    this.#caller = caller === undefined ? undefined : Object.freeze(caller);
  }

  /** Fires when the client has left or time is up. */
  get cancellation(): Signal {
    if (this.#cancellation === undefined) {
      this.#cancellation = new Cancellation();
      if (this.#cancelled !== undefined) this.#cancellation.cancel(this.#cancelled);
    }
    return this.#cancellation;
  }

  /** The same for code that takes an `AbortSignal`; made when it is first asked for. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#cancelled !== undefined) this.#controller.abort(this.#cancelled);
    }
    return this.#controller.signal;
  }

  /** A header field that an answer of any kind has from here on, a refusal too. */
  setField(name: string, value: string): void {
    const { fields } = this;
    for (let index = 0; index < fields.length; index += 2) {
      if (fields[index] !== name) continue;
      fields[index + 1] = value;
      return;
    }
    fields.push(name, value);
  }

  /** A field of the answer as it is by now. */
  fieldOf(name: string): string | undefined {
    const { fields } = this;
    for (let index = 0; index < fields.length; index += 2)
      if (fields[index] === name) return fields[index + 1];
    const own =
      name === 'content-type' ? this.contentType : name === 'cache-control' ? this.cacheControl : undefined;
    const value = own ?? this.reply.getHeader(name);
    return value === undefined ? undefined : String(value);
  }

  refused(refusal: Refusal): void {
    this.#refusal = refusal;
  }

  /** The code of the problem that it ended in, if it did. */
  get problem(): string | undefined {
    return this.#refusal?.problem.code;
  }

  /** Why it ended in that problem, for the log: the service that failed, the policy that refused, the code underneath, what it said. */
  get because(): Partial<Record<'service' | 'policy' | 'reason' | 'cause', string | undefined>> {
    const { problem, policy, reason, cause } = this.#refusal ?? {};
    return { service: problem?.service, policy, reason, cause };
  }

  /** Milliseconds from its first byte here to the last byte of its answer. */
  get tookMs(): number {
    return this.endedAt - this.startedAt;
  }

  /** Its answer has been handed to Node; it ends when the client has been sent all of it. */
  answered(): void {
    this.#isAnswered = true;
    const { raw } = this.reply;
    if (this.#isClosed || raw.writableLength === 0 || raw.destroyed) return this.lifecycle.end(this);
    this.dueAt = 0;
    this.lifecycle.watch(this);
  }

  /** Its connection is closed. */
  closed(): void {
    this.#isClosed = true;
    if (this.onLeft === undefined) this.leave();
    else this.onLeft();
    this.lifecycle.release(this);
    if (this.#isAnswered) this.lifecycle.end(this);
  }

  /** Nobody waits for its answer any more. */
  leave(): void {
    this.cancel(new Fault('request.cancelled', 499, 'The client has left.'));
  }

  /** Why it was cancelled; undefined while somebody waits for its answer and there is time. */
  get cancelledBy(): Fault | undefined {
    return this.#cancelled;
  }

  get isOver(): boolean {
    return this.endedAt !== 0;
  }

  /** Called by the ticker: time to answer is up, then time to read the answer. */
  due(now: number): void {
    const { raw } = this.reply;
    if (raw.writableFinished || (this.#isAnswered && raw.destroyed)) {
      if (this.status === 0) this.status = raw.statusCode;
      return this.lifecycle.end(this);
    }
    const readUntil = this.deadline + this.lifecycle.times.readMs;
    if (now >= readUntil) {
      this.dueAt = Infinity;
      raw.destroy();
      return;
    }
    if (now >= this.deadline && !this.#isLate) {
      this.#isLate = true;
      this.cancel(new Fault('request.timeout', 504, 'The answer could not be made in time.'));
    }
    if (this.dueAt !== 0) this.dueAt = Math.min(now + LOOK_MS, this.#isLate ? readUntil : this.deadline);
  }

  /** Ends what is done for it. The first reason holds. */
  private cancel(reason: Fault): void {
    if (this.#cancelled !== undefined) return;
    this.#cancelled = reason;
    this.#cancellation?.cancel(reason);
    this.#controller?.abort(reason);
  }
}

const CONTEXT = Symbol('request context');

declare module 'fastify' {
  interface FastifyRequest {
    [CONTEXT]?: RequestContext;
  }
}

/** Undefined only for what Fastify refuses before its hooks run. */
export function contextOf(request: FastifyRequest): RequestContext | undefined {
  return request[CONTEXT];
}

/** On the request itself: a WeakMap with an entry for each request is dear to the garbage collector. */
export function setContext(request: FastifyRequest, context: RequestContext): void {
  request[CONTEXT] = context;
}
