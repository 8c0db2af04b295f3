import { recordOf as recordOfRun, type RunRecord } from '@facet/aggregation';
import type { RequestContext } from '../request/context.js';
import type { Ending } from '../request/ending.js';
import { callsOf, type AskedCall, type Calls } from './calls.js';
import { milliseconds } from './milliseconds.js';
import { shownRequestHeaders, shownResponseHeaders } from './headers.js';
import type { PartRecord, ProblemRecord, RequestRecord } from './record.js';

/** Reads the record of a request from what its run and its calls keep. */
export function readRecord(
  gateway: string,
  context: RequestContext,
  ending: Ending = now(context),
): RequestRecord {
  const { raw: request, startedAt, trace, run } = context;
  const made = run === undefined ? undefined : recordOfRun(run);
  const calls = callsOf({ startedAt, asked: askedOf(context, made), sent: context.calls });
  const parts = made === undefined ? [] : partsOf(made, startedAt, calls);
  const [path = '', query] = (request.raw.url ?? '').split('?', 2) as [string?, string?];
  return {
    id: context.requestId,
    traceId: trace.traceId,
    spanId: trace.spanId,
    ...(trace.parentSpanId === undefined ? {} : { parentSpanId: trace.parentSpanId }),
    sampled: trace.sampled,
    gateway,
    at: milliseconds(performance.timeOrigin + startedAt),
    durationMs: milliseconds(ending.tookMs),
    method: context.method,
    route: context.routePath,
    path: path.slice(0, MAX_PATH),
    queryNames:
      query === undefined ? [] : [...new Set(new URLSearchParams(query).keys())].slice(0, MAX_NAMES),
    status: ending.status,
    ...problemOf(context),
    client: context.caller?.credential ?? 'anonymous',
    bytesIn: lengthOf(request.headers['content-length']),
    bytesOut: context.bytesOut,
    requestHeaders: shownRequestHeaders(request.headers),
    responseHeaders: shownResponseHeaders(headersOf(context.sent)),
    kept: context.isKept,
    degraded: context.problem === undefined ? degradedOf(parts) : [],
    ...(made === undefined ? {} : { aggregation: made.aggregation }),
    parts,
    calls: calls.records,
  };
}

/** The parts that an answer does without. */
function degradedOf(parts: readonly PartRecord[]): string[] {
  return parts.filter(({ state }) => state === 'default' || state === 'missing').map(({ name }) => name);
}

const MAX_PATH = 500;
const MAX_NAMES = 30;

function now({ startedAt, status }: RequestContext): Ending {
  return { status: status === 0 ? 200 : status, tookMs: performance.now() - startedAt };
}

function askedOf({ forwarded }: RequestContext, made: RunRecord | undefined): readonly AskedCall[] {
  return [...(made?.calls ?? []), ...(forwarded === undefined ? [] : [forwarded])];
}

function partsOf(made: RunRecord, from: number, calls: Calls): PartRecord[] {
  const shift = made.startedAt - from;
  return made.parts.map((part) => ({
    name: part.part,
    kind: part.kind,
    state: part.status,
    ...(part.reason === undefined ? {} : { reason: part.reason }),
    service: part.service,
    operation: part.operation,
    startMs: milliseconds(part.startedMs + shift),
    endMs: milliseconds(part.startedMs + part.tookMs + shift),
    ...(part.ageMs === undefined ? {} : { ageMs: milliseconds(part.ageMs) }),
    needs: part.needs,
    critical: part.isCritical,
    calls: calls.of(part.part),
  }));
}

function problemOf({ problem: code, because }: RequestContext): { problem?: ProblemRecord } {
  if (code === undefined) return {};
  const said = Object.entries(because).filter(([, value]) => value !== undefined);
  return { problem: { code, ...(Object.fromEntries(said) as Omit<ProblemRecord, 'code'>) } };
}

function headersOf(sent: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index < sent.length; index += 2)
    headers[sent[index] as string] = sent[index + 1] as string;
  return headers;
}

function lengthOf(field: number | string | string[] | undefined): number {
  const length = Number(field ?? 0);
  return Number.isSafeInteger(length) ? length : 0;
}
