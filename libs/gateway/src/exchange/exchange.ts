import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RequestContext } from '@facet/access';
import type { Run } from '@facet/aggregation';
import { systemClock, type Caller, type SentCall } from '@facet/contracts';
import { continueTrace, Fault, formatTraceparent, type TraceSpan } from '@facet/platform';
import type { AskedCall } from '../record/calls.js';
import type { Refusal } from '../problems/problem.js';
import type { Route } from '../routes/route.js';

export interface ExchangeTimes {
  /** For making the answer, in milliseconds. */
  readonly answerMs: number;
  /** …and then for the client to read it. */
  readonly readMs: number;
}

/** One request and its answer: what is known of it from its first byte to its last. */
export class Exchange implements RequestContext {
  readonly requestId = randomUUID();
  readonly trace: TraceSpan;
  readonly traceparent: string;
  readonly signal: AbortSignal;
  readonly startedAt = performance.now();
  readonly deadline: number;
  private proven: Caller | undefined;
  private refusal: Refusal | undefined;

  /** The route that it is for; undefined where none of the gateway's own answers it. */
  route: Route | undefined;

  /** What its record is read from: the run of its aggregation, the call that it passed on, every call that it sent. */
  run: Run | undefined;
  forwarded: AskedCall | undefined;
  readonly calls: SentCall[] = [];
  /** Whether services are asked for their own times. */
  wantsServerTimes = false;

  constructor(
    readonly request: FastifyRequest,
    readonly reply: FastifyReply,
    times: ExchangeTimes,
  ) {
    this.trace = continueTrace(single(request.headers['traceparent']));
    this.traceparent = formatTraceparent(this.trace);
    this.deadline = this.startedAt + times.answerMs;
    this.signal = endedBy(reply, times);
  }

  get traceId(): string {
    return this.trace.traceId;
  }

  started(run: Run): void {
    this.run = run;
  }

  get method(): string {
    return this.request.method;
  }

  /** The pattern of the route, never the address; `none` where nothing answers it. */
  get routePath(): string {
    return this.request.routeOptions.url ?? 'none';
  }

  /** Who calls, once it is proven; undefined for a visitor. */
  get caller(): Caller | undefined {
    return this.proven;
  }

  provenBy(caller: Caller | undefined): void {
    // The same object and no copy of it: what is worked out of a caller is remembered by it.
    this.proven = caller === undefined ? undefined : Object.freeze(caller);
  }

  refused(refusal: Refusal): void {
    this.refusal = refusal;
  }

  /** The code of the problem that it ended in, if it did. */
  get problem(): string | undefined {
    return this.refusal?.problem.code;
  }

  /** Why it ended in that problem, for the log: the service that failed, the policy that refused, the code underneath, what it said. */
  get because(): Partial<Record<'service' | 'policy' | 'reason' | 'cause', string | undefined>> {
    const { problem, policy, reason, cause } = this.refusal ?? {};
    return { service: problem?.service, policy, reason, cause };
  }
}

function endedBy(reply: FastifyReply, { answerMs, readMs }: ExchangeTimes): AbortSignal {
  const controller = new AbortController();
  const late = () => {
    stop = systemClock.after(readMs, () => reply.raw.destroy());
    controller.abort(new Fault('request.timeout', 504, 'The answer could not be made in time.'));
  };
  // On this clock, what arrived while this process stood still is read before anything is called late.
  let stop = systemClock.after(answerMs, late);
  reply.raw.once('close', () => {
    stop();
    if (!reply.raw.writableFinished)
      controller.abort(new Fault('request.cancelled', 499, 'The client has left.'));
  });
  return controller.signal;
}

/** On the request itself: a WeakMap with an entry for each request is dear to the garbage collector. */
const EXCHANGE = Symbol('exchange');

declare module 'fastify' {
  interface FastifyRequest {
    [EXCHANGE]?: Exchange;
  }
}

/** Undefined only for what Fastify refuses before its hooks run. */
export function exchangeOf(request: FastifyRequest): Exchange | undefined {
  return request[EXCHANGE];
}

export function openExchange(request: FastifyRequest, reply: FastifyReply, times: ExchangeTimes): Exchange {
  const exchange = new Exchange(request, reply, times);
  request[EXCHANGE] = exchange;
  return exchange;
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? undefined : value;
}
