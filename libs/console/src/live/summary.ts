import type { CallRecord, PartRecord, RequestRecord, Route } from '@facet/gateway';
import type { Ending, PartMark, RequestSummary } from '../view.js';

/** What takes longer is slow where its route has no objective, in ms. */
const SLOW_MS = 1_000;

/** How long a request of a route may take: as its objectives say. */
export function slowMsOf(route: Route | undefined): number {
  return route?.slo?.latencyMs ?? SLOW_MS;
}

export function endingOf(
  status: number,
  durationMs: number,
  { isDegraded, slowMs }: { readonly isDegraded: boolean; readonly slowMs: number },
): Ending {
  if (status >= 500) return 'error';
  if (status >= 400) return 'refused';
  if (isDegraded) return 'degraded';
  return durationMs > slowMs ? 'slow' : 'ok';
}

export function summaryOf(
  record: RequestRecord,
  { slowMs, isBackground }: { readonly slowMs: number; readonly isBackground: boolean },
): RequestSummary {
  const { id, traceId, at, durationMs, method, route, path, status, problem, degraded, parts } = record;
  const reason = problem?.code ?? parts.find(({ reason }) => reason !== undefined)?.reason;
  return {
    ...{ id, traceId, at, durationMs, method, route, path, status },
    ending: endingOf(status, durationMs, { isDegraded: degraded.length > 0, slowMs }),
    ...(reason === undefined ? {} : { reason }),
    ...(isBackground ? { isBackground } : {}),
    parts: parts.length > 0 ? parts.map(markOf) : marksWithoutParts(record),
  };
}

function markOf({ name, state, startMs, endMs }: PartRecord): PartMark {
  return { name, state, startMs, endMs };
}

/** A whole answer that was kept has no parts any more. */
function marksWithoutParts({ calls, responseHeaders, durationMs }: RequestRecord): readonly PartMark[] {
  const isKept = calls.length === 0 && responseHeaders['server-timing']?.includes('desc="cached"');
  if (isKept) return [{ name: 'answer', state: 'cached', startMs: 0, endMs: durationMs }];
  return calls.map(markOfCall);
}

/** Where there are no parts, as in a saga or an operation that is passed on, its calls stand for them. */
function markOfCall({ operation, source, code, startMs, endMs = startMs }: CallRecord): PartMark {
  const state = code !== 'ok' ? 'missing' : source === 'cached' || source === 'stale' ? source : 'fresh';
  return { name: operation, state, startMs, endMs };
}

/** A file or a document that is served as it is, or a probe: what nobody who looks for requests of clients looks for. */
export function isBackground({ route, path, responseHeaders }: RequestRecord, isOurs: boolean): boolean {
  if (isOurs) return false;
  if (/^\/(?:health|metrics|docs|openapi\.json|favicon\.ico|robots\.txt)\b/.test(path)) return true;
  const type = responseHeaders['content-type'] ?? '';
  return route !== 'none' && /^(?:text\/(?:html|css|javascript)|image\/|font\/)/.test(type);
}
