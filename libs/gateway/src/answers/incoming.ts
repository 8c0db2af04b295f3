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
import type { Backend } from '../exchange/backend.js';
import type { Exchange } from '../exchange/exchange.js';
import { addressOf } from '../http/trusted-proxies.js';
import type { GatewayMetrics } from '../metrics/gateway-metrics.js';
import type { Plans } from '../policy/plans.js';
import type { Usage } from '../policy/usage.js';
import { idempotencyKeyOf } from '../sagas/idempotency-key.js';
import type { Sagas } from '../sagas/sagas.js';
import { metaFor } from '../record/explain.js';
import type { RequestRecord } from '../record/record.js';
import type { Recorder } from '../record/recorder.js';
import { storable } from './conditional.js';
import { parseInput, textReader } from './input.js';
import { hasEnded, streamFormatOf, streamOf, streamTypes } from './stream.js';
import { varyBy } from '../http/vary.js';

/** What a gateway gives to each of its requests. */
export interface IncomingTools {
  readonly backend: Backend;
  readonly recorder: Recorder;
  readonly metrics: GatewayMetrics;
  readonly sagas: Sagas;
  readonly plans: Plans | undefined;
  /** Who may ask how an answer was made (`?explain=1`). */
  readonly mayExplain: (caller: Caller | undefined) => boolean;
}

/** What is left to send once the headers are set; nothing for a 304. */
export type AnswerBody = string | Readable | undefined;

/** Reads the record of a request that is to explain its answer. */
type Explained = (() => RequestRecord) | undefined;

interface IncomingParts extends IncomingTools {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly exchange: Exchange;
}

/** One request, as a controller sees it. */
export class IncomingRequest {
  readonly context: Exchange;

  constructor(private readonly parts: IncomingParts) {
    this.context = parts.exchange;
  }

  /** As Fastify has it. */
  get raw(): FastifyRequest {
    return this.parts.request;
  }

  /** What a client sent, checked: path, query and the body's fields in one object. */
  input<S extends z.ZodType>(schema: S): z.output<S> {
    const { params, query, body } = this.parts.request;
    const { explain: _, ...asked } = query as Record<string, unknown>;
    const path = params as Record<string, unknown>;
    const twice = Object.keys({ ...asked, ...(body as object | undefined) }).filter((name) => name in path);
    if (twice.length > 0) {
      const fields = twice.map((field) => ({ field, message: 'It is part of the address.' }));
      throw new Fault('input.invalid', 400, `Given twice: ${twice.join(', ')}.`, { fields });
    }
    return parseInput(schema, {
      ...(body as object | undefined),
      ...readerFor(schema)({ ...asked, ...path }),
    });
  }

  /** Runs an aggregation for this request; what it gives back is for Nest to send. */
  async answer(aggregation: Aggregation): Promise<AnswerBody> {
    const { request, exchange } = this.parts;
    const format = hasDeferred(aggregation) ? streamFormatOf(request.headers.accept) : undefined;
    if (format === 'sse' && hasEnded(request.headers)) return this.nothingMore();
    const explainedBy = this.explanation();
    const { caller, signal, deadline } = exchange;
    const options: RunOptions<unknown> = {
      input: this.input(aggregation.input),
      dispatch: this.parts.backend.dispatchFor(exchange, aggregation.criticality),
      signal,
      deadline,
      observer: exchange,
      ...(caller === undefined ? {} : { caller }),
    };
    if (format !== undefined)
      return this.inPieces(await runStreamed(aggregation, options), { format, explainedBy });
    return this.whole(await run(aggregation, options), { aggregation, explainedBy });
  }

  /** Performs a saga for this request, once for its `Idempotency-Key`; `location` says where its result can be read. */
  async perform<S extends z.ZodType, I extends z.ZodType, Result>(
    saga: Saga<I, Result>,
    preparation: Preparation<S, Saga<I, Result>>,
    location?: (result: Result) => string,
  ): Promise<AnswerBody> {
    const { request, reply, exchange, backend, sagas } = this.parts;
    const key = idempotencyKeyOf(request.headers);
    const given = this.input(preparation.input);
    const { caller, signal, deadline } = exchange;
    const call = backend.writeFor(exchange);
    const input = await preparation.prepare({ input: given, caller, call, signal, deadline });
    const outcome = await sagas.run(saga, exchange, { input, key, call });
    reply.header('server-timing', stepTimes(outcome));
    if (location !== undefined) reply.header('location', location(outcome.value));
    return storable(this.parts, JSON.stringify(outcome.value), {
      cacheControl: 'no-store',
      owner: caller,
    });
  }

  /** Passes a service's answer on as it is. */
  async forward(operation: Operation, input: unknown): Promise<AnswerBody> {
    const { reply, exchange, backend } = this.parts;
    const startedAt = performance.now();
    const { json, source, ageMs } = await backend.forward(exchange, operation, input);
    const tookMs = (performance.now() - startedAt).toFixed(1);
    reply.header('server-timing', `${operation.service};dur=${tookMs};desc="${source}"`);
    if (source !== 'fresh') reply.header('age', Math.floor(ageMs / 1_000));
    return storable(this.parts, json, {
      cacheControl: cacheControl(freshnessOf(operation)),
      owner: exchange.caller,
    });
  }

  /** What the caller has used of their plan. */
  async usage(): Promise<Usage> {
    const { request, reply, exchange, plans } = this.parts;
    if (plans === undefined) throw new Error('usage() is for gateways whose policy has plans');
    reply.header('cache-control', 'no-store');
    return plans.usage(plans.principalOf(addressOf(request), exchange.caller));
  }

  private whole(
    outcome: Outcome<object>,
    how: { aggregation: Aggregation; explainedBy: Explained },
  ): AnswerBody {
    const { reply, exchange } = this.parts;
    reply.header('server-timing', outcome.serverTiming);
    return storable(this.parts, outcome.toJson(metaFor(outcome, how.explainedBy)), {
      cacheControl: how.explainedBy ? 'no-store' : outcome.cacheControl,
      owner: exchange.caller,
      vary: hasDeferred(how.aggregation) ? ['Accept'] : [],
    });
  }

  private inPieces(
    answer: Awaited<ReturnType<typeof runStreamed>>,
    { format, explainedBy }: { format: 'ndjson' | 'sse'; explainedBy: Explained },
  ): AnswerBody {
    const { reply, exchange } = this.parts;
    reply.headers({
      'server-timing': answer.first.serverTiming,
      'cache-control': 'no-store',
      'content-type': streamTypes[format],
      'x-accel-buffering': 'no',
    });
    varyBy(reply, ['Accept']);
    return streamOf(answer, { format, explainedBy, traceId: exchange.traceId });
  }

  private nothingMore(): undefined {
    this.parts.reply.code(204).header('cache-control', 'no-store');
    varyBy(this.parts.reply, ['Accept']);
  }

  /** How the answer was made, where `?explain=1` asks for it; services then say how long their share took. */
  private explanation(): Explained {
    const { request, exchange, recorder, mayExplain } = this.parts;
    const { explain } = request.query as { explain?: unknown };
    if (explain === undefined || explain === '0') return undefined;
    if (mayExplain(exchange.caller)) {
      exchange.wantsServerTimes = true;
      return () => recorder.read(exchange);
    }
    throw new Fault('access.denied', 403, 'How an answer was made is not shown to everybody.');
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

function hasDeferred({ parts }: Aggregation): boolean {
  return parts.some(({ kind }) => kind === 'deferred');
}

const readers = new WeakMap<z.ZodType, ReturnType<typeof textReader>>();

function readerFor(schema: z.ZodType): ReturnType<typeof textReader> {
  const reader = readers.get(schema) ?? textReader(schema);
  readers.set(schema, reader);
  return reader;
}

const INCOMING = Symbol('incoming');

declare module 'fastify' {
  interface FastifyRequest {
    [INCOMING]?: IncomingRequest;
  }
}

export function rememberIncoming(parts: IncomingParts): void {
  parts.request[INCOMING] = new IncomingRequest(parts);
}

export function incomingOf(request: FastifyRequest): IncomingRequest {
  const known = request[INCOMING];
  if (known === undefined)
    throw new Error('@Incoming() is for routes of a gateway that startGateway has started');
  return known;
}

/** Hands a controller's method the request: `home(@Incoming() request: IncomingRequest)`. */
export const Incoming = createParamDecorator((_: unknown, context: ExecutionContext) =>
  incomingOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
