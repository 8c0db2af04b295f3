import { newSpanId, type Span } from '@facet/platform';
import type { AttemptRecord, CallRecord, PartRecord, RequestRecord } from './record.js';

/**
 * The spans of a request: the HTTP server's, below it each part, below that each attempt. They have no path, no header, no value
 * of a query and nothing of the caller: what is personal never gets into a trace.
 */
export function spansOf(record: RequestRecord): readonly Span[] {
  const { spanId } = record;
  const parts = record.parts.map((part) => partSpan(record, part));
  const parentOf = (call: number): string => {
    const index = record.parts.findIndex(({ calls }) => calls.includes(call));
    return parts[index]?.spanId ?? spanId;
  };
  const attempts = record.calls.flatMap((call, index) =>
    call.attempts.map((attempt) => attemptSpan(record, { call, attempt, parentSpanId: parentOf(index) })),
  );
  return [serverSpan(record), ...parts, ...attempts];
}

function serverSpan(record: RequestRecord): Span {
  const { traceId, spanId, parentSpanId, at, durationMs, method, route, status, problem, aggregation } =
    record;
  return {
    ...{ traceId, spanId, parentSpanId, kind: 'server', startMs: at, endMs: at + durationMs },
    name: route === 'none' ? method : `${method} ${route}`,
    attributes: {
      'http.request.method': method,
      ...(route === 'none' ? {} : { 'http.route': route }),
      'http.response.status_code': status,
      'facet.request_id': record.id,
      'facet.client': record.client,
      'facet.kept': record.kept,
      ...(aggregation === undefined ? {} : { 'facet.aggregation': aggregation }),
      ...(record.degraded.length === 0 ? {} : { 'facet.degraded': record.degraded.join() }),
      ...(problem === undefined ? {} : { 'facet.problem': problem.code }),
      ...(status < 500 ? {} : { 'error.type': problem?.code ?? String(status) }),
    },
    failed: status >= 500,
  };
}

function partSpan(record: RequestRecord, part: PartRecord): Span {
  const { name, kind, state, reason, critical } = part;
  return {
    ...childOf(record, record.spanId, part),
    ...{ name: `part ${name}`, kind: 'internal', spanId: newSpanId() },
    attributes: {
      'facet.part': name,
      'facet.part.kind': kind,
      'facet.part.state': state,
      'facet.part.critical': critical,
      ...(reason === undefined ? {} : { 'facet.part.reason': reason, 'error.type': reason }),
    },
    failed: reason !== undefined,
  };
}

interface Sent {
  readonly call: CallRecord;
  readonly attempt: AttemptRecord;
  readonly parentSpanId: string;
}

function attemptSpan(record: RequestRecord, { call, attempt, parentSpanId }: Sent): Span {
  const { instance, why, code, spanId = newSpanId() } = attempt;
  const port = /:(\d+)$/.exec(instance)?.[1];
  const failed = code !== 'ok';
  return {
    ...childOf(record, parentSpanId, attempt),
    ...{ name: `${call.service}.${call.operation}`, kind: 'client', spanId },
    attributes: {
      'rpc.method': `${call.service}.${call.operation}`,
      'rpc.service': call.service,
      'server.address': port === undefined ? instance : instance.slice(0, -port.length - 1),
      ...(port === undefined ? {} : { 'server.port': Number(port) }),
      'facet.attempt.why': why,
      'facet.attempt.wait_ms': attempt.waitMs,
      'facet.call.source': call.source,
      'facet.call.queue_ms': call.queueMs,
      ...(failed ? { 'error.type': code === 'remote' ? call.code : code } : {}),
    },
    failed,
  };
}

function childOf(
  { traceId, at, durationMs }: RequestRecord,
  parentSpanId: string,
  { startMs, endMs = durationMs }: { readonly startMs: number; readonly endMs?: number },
) {
  return { traceId, parentSpanId, startMs: at + startMs, endMs: at + Math.max(startMs, endMs) };
}
