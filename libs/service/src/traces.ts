import {
  continueTrace,
  newSpanId,
  parseTraceparent,
  type Span,
  type SpanExporter,
  type TracesConfig,
} from '@facet/platform';
import type { HandledRequest } from '@facet/transport';

type Request = HandledRequest['request'];

/** Exports what a service did for requests: those whose trace is sampled, and those that failed or took long. */
export class ServiceTraces {
  constructor(
    private readonly exporter: SpanExporter,
    private readonly config: TracesConfig,
  ) {}

  /** Whether the statements of a request are wanted. */
  isSampled(request: Request): boolean {
    return parseTraceparent(request.traceparent)?.sampled === true;
  }

  handled(handled: HandledRequest): void {
    const { request, endedAt, status } = handled;
    const tookMs = endedAt - request.receivedAt;
    if (this.isSampled(request) || status >= 500 || tookMs >= this.config.slowMs)
      this.exporter.export(spansOf(handled));
  }

  close(): Promise<void> {
    return this.exporter.close();
  }
}

function spansOf(handled: HandledRequest): readonly Span[] {
  const { request, startedAt, endedAt, code, status } = handled;
  const { traceId, spanId, parentSpanId } = continueTrace(request.traceparent);
  const epoch = (ms: number) => performance.timeOrigin + ms;
  const begun = startedAt === 0 ? endedAt : startedAt;
  const method = typeof request.pattern === 'string' ? request.pattern : '_OTHER';
  const failed = status >= 500;
  const own: Span = {
    ...{ traceId, spanId, parentSpanId, name: method, kind: 'server', failed },
    startMs: epoch(request.receivedAt),
    endMs: epoch(endedAt),
    attributes: {
      'rpc.method': method,
      'facet.queue_ms': Math.round((begun - request.receivedAt) * 100) / 100,
      ...(code === 'ok' ? {} : { 'error.type': code }),
    },
  };
  return [own, ...(request.times?.sql ?? []).map((each) => sqlSpan(own, epoch(begun), each))];
}

function sqlSpan(
  { traceId, spanId: parentSpanId }: Span,
  from: number,
  { statement, startMs, ms, rows }: NonNullable<Request['times']>['sql'][number],
): Span {
  const operation = statement.trim().split(/\s/, 1)[0]?.toUpperCase() ?? '';
  return {
    ...{ traceId, spanId: newSpanId(), parentSpanId, name: operation, kind: 'client', failed: false },
    startMs: from + startMs,
    endMs: from + startMs + ms,
    attributes: {
      'db.system.name': 'postgresql',
      'db.operation.name': operation,
      'db.query.text': statement,
      'db.response.returned_rows': rows,
    },
  };
}
