import type { Readable } from 'node:stream';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import {
  cacheControl,
  run,
  runStreamed,
  type Aggregation,
  type Freshness,
  type Outcome,
  type RunOptions,
} from '@facet/aggregation';
import type { Caller, Operation } from '@facet/contracts';
import { Fault } from '@facet/platform';
import type { Preparation, Saga, SagaOutcome } from '@facet/saga';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { GatewayMetrics } from '../metrics/gateway-metrics.js';
import type { RateLimits } from '../rate-limit/rate-limits.js';
import type { Usage } from '../rate-limit/usage.js';
import { metaFor } from '../record/explain.js';
import type { RequestRecord } from '../record/record.js';
import type { Recorder } from '../record/recorder.js';
import { etagOf } from '../reply/etag.js';
import { varies } from '../reply/vary.js';
import { JSON_TYPE } from '../reply/writer.js';
import { contextOf, RequestContext, type Lifecycle } from '../request/context.js';
import type { Endpoint } from '../request/endpoint.js';
import { idempotencyKeyOf } from '../http/idempotency-key.js';
import type { Sagas } from '../sagas/sagas.js';
import type { Kept } from '../cache/response-cache.js';
import type { Backend } from './backend.js';
import { inputReaderOf } from './input.js';
import { hasEnded, streamFormatOf, streamOf, streamTypes } from './stream.js';

/** What a gateway gives to each of its requests. */
export interface RequestTools {
  readonly lifecycle: Lifecycle;
  readonly backend: Backend;
  readonly recorder: Recorder;
  readonly metrics: GatewayMetrics;
  readonly sagas: Sagas;
  readonly rateLimits: RateLimits | undefined;
  /** Who may ask how an answer was made (`?explain=1`). */
  readonly mayExplain: (caller: Caller | undefined) => boolean;
}

/** What is left to send once the header is known; nothing for a 204. */
export type AnswerBody = string | Readable | undefined;

/** Reads the record of a request that is to explain its answer. */
type Explained = (() => RequestRecord) | undefined;

/** One request, as a controller sees it: what is known of it, and the ways to answer it. */
export class GatewayRequest extends RequestContext {
  constructor(
    private readonly tools: RequestTools,
    raw: FastifyRequest,
    reply: FastifyReply,
    endpoint: Endpoint,
  ) {
    super(tools.lifecycle, raw, reply, endpoint);
    this.wantsServerTimes = tools.recorder.wantsServerTimes;
    this.wantsSpans = tools.recorder.wantsSpans;
  }

  /** How its whole answer may be kept; undefined where it may not be. */
  kept: Kept | undefined;

  /** What a client sent, checked: path, query and the body's fields in one object. */
  input<S extends z.ZodType>(schema: S): z.output<S> {
    const { params, query, body } = this.raw;
    return inputReaderOf(schema)(params as object, query as object, body as object | undefined);
  }

  /** Runs an aggregation for this request; what it gives back is for the gateway to send. */
  async answer(aggregation: Aggregation): Promise<AnswerBody> {
    const { headers } = this.raw;
    const isStreamable = hasDeferred(aggregation);
    if (isStreamable) this.vary |= varies.accept;
    const format = isStreamable ? streamFormatOf(headers.accept) : undefined;
    if (format === 'sse' && hasEnded(headers)) return this.nothingMore();
    const explainedBy = this.explanation();
    const { caller, cancellation, deadline } = this;
    const options: RunOptions<unknown> = {
      input: this.input(aggregation.input),
      dispatch: this.tools.backend.dispatchFor(this, aggregation.criticality),
      signal: cancellation,
      deadline,
      observer: this,
      ...(caller === undefined ? undefined : { caller }),
    };
    if (format !== undefined)
      return this.inPieces(await runStreamed(aggregation, options), { format, explainedBy });
    return this.whole(await run(aggregation, options), explainedBy);
  }

  /** Performs a saga for this request, once for its `Idempotency-Key`; `location` says where its result can be read. */
  async perform<S extends z.ZodType, I extends z.ZodType, Result>(
    saga: Saga<I, Result>,
    preparation: Preparation<S, Saga<I, Result>>,
    location?: (result: Result) => string,
  ): Promise<AnswerBody> {
    const { backend, sagas } = this.tools;
    const key = idempotencyKeyOf(this.raw.headers);
    const given = this.input(preparation.input);
    const { caller, cancellation: signal, deadline } = this;
    const call = backend.writeFor(this);
    const input = await preparation.prepare({ input: given, caller, call, signal, deadline });
    const outcome = await sagas.run(saga, this, { input, key, call });
    this.serverTiming = stepTimes(outcome);
    if (location !== undefined) this.setField('location', location(outcome.value));
    return this.stored(JSON.stringify(outcome.value), 'no-store');
  }

  /** Passes a service's answer on as it is. */
  async forward(operation: Operation, input: unknown): Promise<AnswerBody> {
    const startedAt = performance.now();
    const { json, source, ageMs } = await this.tools.backend.forward(this, operation, input);
    const tookMs = (performance.now() - startedAt).toFixed(1);
    this.serverTiming = `${operation.service};dur=${tookMs};desc="${source}"`;
    if (source !== 'fresh') this.setField('age', String(Math.floor(ageMs / 1_000)));
    if (this.reads !== undefined && source !== 'stale') {
      const serverTiming = `${operation.service};dur=0;desc="cached"`;
      this.kept = keptFrom(freshnessOf(operation), { serverTiming, ageMs });
    }
    return this.stored(json, cacheControl(freshnessOf(operation)));
  }

  /** What the caller has used of their plan. */
  async usage(): Promise<Usage> {
    const { rateLimits } = this.tools;
    if (rateLimits === undefined) throw new Error('usage() is for gateways whose policy has rateLimits');
    this.cacheControl = 'no-store';
    return rateLimits.usage(rateLimits.principalOf(this.address, this.caller));
  }

  private whole(outcome: Outcome<object>, explainedBy: Explained): AnswerBody {
    this.serverTiming = outcome.serverTiming;
    const body = outcome.toJson(metaFor(outcome, explainedBy));
    if (this.reads !== undefined && explainedBy === undefined && outcome.isComplete) {
      this.kept = keptFrom(outcome.freshness, { serverTiming: cachedTiming(outcome) });
    }
    return this.stored(body, explainedBy === undefined ? outcome.cacheControl : 'no-store');
  }

  /** Says how long a body holds, and for whom: one that was made for a caller is theirs alone. */
  private stored(body: string, holds: string): string {
    const { caller, method } = this;
    if (caller !== undefined) this.vary |= varies.caller;
    this.cacheControl = caller === undefined ? holds : holds.replace(/^public\b/, 'private');
    this.contentType = JSON_TYPE;
    if (holds !== 'no-store' && (method === 'GET' || method === 'HEAD')) this.etag = etagOf(body, caller);
    return body;
  }

  private inPieces(
    answer: Awaited<ReturnType<typeof runStreamed>>,
    { format, explainedBy }: { format: 'ndjson' | 'sse'; explainedBy: Explained },
  ): AnswerBody {
    this.serverTiming = answer.first.serverTiming;
    this.cacheControl = 'no-store';
    this.contentType = streamTypes[format];
    this.setField('x-accel-buffering', 'no');
    return streamOf(answer, { format, explainedBy, traceId: this.traceId });
  }

  private nothingMore(): undefined {
    this.status = 204;
    this.cacheControl = 'no-store';
  }

  /** How the answer was made, where `?explain=1` asks for it; services then say how long their share took. */
  private explanation(): Explained {
    const { explain } = this.raw.query as { explain?: unknown };
    if (explain === undefined || explain === '0') return undefined;
    if (!this.tools.mayExplain(this.caller))
      throw new Fault('access.denied', 403, 'How an answer was made is not shown to everybody.');
    this.wantsServerTimes = true;
    return () => this.tools.recorder.read(this);
  }
}

function stepTimes({ steps }: SagaOutcome<unknown>): string {
  return steps.map(({ step, tookMs }) => `${step};dur=${tookMs.toFixed(1)}`).join(', ');
}

function freshnessOf({ freshness }: Operation): Freshness {
  if (freshness === undefined) return { store: false, because: 'a part may not be stored' };
  const { ttlMs, staleWhileRevalidateMs = 0, perCaller = false } = freshness;
  return { store: true, maxAgeMs: ttlMs, staleWhileRevalidateMs, scope: perCaller ? 'private' : 'public' };
}

/** How a whole answer may be kept; undefined for one that is not for everybody, or holds no longer. `ageMs` of one that is passed on. */
function keptFrom(
  freshness: Freshness,
  { serverTiming, ageMs }: { readonly serverTiming: string; readonly ageMs?: number },
): Kept | undefined {
  if (!freshness.store || freshness.scope === 'private') return undefined;
  const now = performance.now();
  const left = freshness.maxAgeMs - (ageMs ?? 0);
  if (left <= 0) return undefined;
  const [before = '', after = ''] = cacheControl(freshness).split(/(?<=max-age=)\d+/);
  return {
    expiresAt: now + left,
    serverTiming,
    holds: [before, after],
    madeAt: ageMs === undefined ? undefined : now - ageMs,
    maxAge: ageMs === undefined ? undefined : Math.floor(freshness.maxAgeMs / 1_000),
  };
}

/** `Server-Timing` of the same answer when it comes from the cache. */
function cachedTiming(outcome: Outcome<object>): string {
  const parts = outcome.parts.map(
    ({ part, status }) => `${part};dur=0;desc="${status === 'skipped' ? status : 'cached'}"`,
  );
  return [...parts, 'total;dur=0'].join(', ');
}

function hasDeferred({ parts }: Aggregation): boolean {
  return parts.some(({ kind }) => kind === 'deferred');
}

export function requestOf(request: FastifyRequest): GatewayRequest {
  const known = contextOf(request);
  if (!(known instanceof GatewayRequest))
    throw new Error('@Incoming() is for routes of a gateway that startGateway has started');
  return known;
}

/** Hands a controller's method the request: `home(@Incoming() request: GatewayRequest)`. */
export const Incoming = createParamDecorator((_: unknown, context: ExecutionContext) =>
  requestOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
