/** What a waterfall has, row by row: pure, so that it can be tested without a browser. */
import type { AttemptRecord, CallRecord, PartRecord, RequestRecord } from '@facet/gateway';
import { attemptWords, callWords, partWords, serverWords } from './words.js';

/** One stretch of a bar. `wait`: for a place or an instance; `wire`: on the way; the others as the service says. */
export interface Segment {
  readonly kind: 'wait' | 'wire' | 'queue' | 'handler' | 'sql' | 'plain' | 'lost';
  readonly startMs: number;
  readonly endMs: number;
}

export interface Row {
  readonly key: string;
  readonly level: 0 | 1 | 2;
  readonly kind: 'gateway' | 'part' | 'call' | 'attempt';
  readonly name: string;
  /** What stands small below the name. */
  readonly note: string;
  /** `fresh`, `cached`… of a part, `ok` or `failed` of an attempt. */
  readonly state: PartRecord['state'] | 'ok' | 'failed' | 'cancelled';
  readonly startMs: number;
  readonly endMs: number;
  readonly segments: readonly Segment[];
  readonly isCritical: boolean;
  readonly words: string;
  readonly sql: readonly { readonly statement: string; readonly ms: number; readonly rows: number }[];
}

export function rowsOf(record: RequestRecord): readonly Row[] {
  const shown = new Set<CallRecord>();
  const rows: Row[] = [gatewayRow(record)];
  for (const part of record.parts) {
    const calls = part.calls.flatMap((index) => record.calls[index] ?? []);
    const plain = calls.length === 1 && isAnswered(part) ? plainAttempt(calls[0]) : undefined;
    rows.push(partRow(part, record, plain));
    if (plain !== undefined) continue;
    calls.forEach((call, index) => {
      if (!shown.has(call)) rows.push(...attemptRows(call, `${part.name}.${index}`, part));
      shown.add(call);
    });
  }
  const ofParts = new Set(record.parts.flatMap(({ calls }) => calls));
  record.calls.forEach((call, index) => {
    if (ofParts.has(index)) return;
    const plain = plainAttempt(call);
    rows.push(callRow(call, index, plain));
    if (plain === undefined) rows.push(...attemptRows(call, `call.${index}`, undefined));
  });
  return rows;
}

function isAnswered({ state }: PartRecord): boolean {
  return state === 'fresh' || state === 'cached' || state === 'stale';
}

/** Ended because it was no longer needed, as the loser of a hedge, or still under way at the end: no failure. */
function isCancelled(code: string): boolean {
  return code.endsWith('cancelled') || code === 'unfinished';
}

/** The attempt of a call with which all went well at once: it needs no row of its own. */
function plainAttempt(call: CallRecord | undefined): AttemptRecord | undefined {
  const [attempt, ...others] = call?.attempts ?? [];
  return others.length === 0 && attempt?.code === 'ok' && attempt.why === 'first' ? attempt : undefined;
}

function gatewayRow(record: RequestRecord): Row {
  const { gateway, durationMs, parts, calls, status } = record;
  const starts = [...parts, ...calls].map(({ startMs }) => startMs);
  const ends = calls.map(({ endMs = 0 }) => endMs);
  const before = starts.length === 0 ? durationMs : Math.min(...starts);
  const after = ends.length === 0 ? durationMs : Math.min(durationMs, Math.max(...ends));
  const segments: Segment[] = [{ kind: 'plain', startMs: 0, endMs: durationMs }];
  return {
    ...{ key: 'gateway', level: 0, kind: 'gateway', name: gateway, startMs: 0, endMs: durationMs, segments },
    note: record.aggregation ?? `${record.method} ${record.route}`,
    state: status >= 400 ? 'failed' : 'ok',
    isCritical: false,
    words: gatewayWords(before, after, durationMs),
    sql: [],
  };
}

function gatewayWords(before: number, after: number, durationMs: number): string {
  if (before >= durationMs) return 'Answered by the gateway itself: no service was asked.';
  const own = Math.max(0, before) + Math.max(0, durationMs - after);
  return `Of its own ${own.toFixed(1)} ms: ${before.toFixed(1)} ms until the first call (checks, sign-in, limits), ${Math.max(0, durationMs - after).toFixed(1)} ms to make and send the answer.`;
}

function partRow(part: PartRecord, record: RequestRecord, plain: AttemptRecord | undefined): Row {
  const { name, state, startMs, endMs, critical, kind, service, operation, needs } = part;
  const ids = part.calls.map((index) => record.calls[index]?.ids).find((each) => each !== undefined);
  const with_ = needs.length === 0 ? '' : ` · after ${needs.join(', ')}`;
  const isLost = state === 'missing' || state === 'default';
  return {
    ...{ key: `part.${name}`, level: 0, kind: 'part', name, state, startMs, endMs, isCritical: critical },
    note: `${kind} · ${service}.${operation}${ids === undefined ? '' : ` · ${ids} ids`}${with_}`,
    segments: plainSegments({ kind: isLost ? 'lost' : 'plain', startMs, endMs }, plain),
    words: partWords(part, record) + placeWords(plain),
    sql: plain?.server?.sql ?? [],
  };
}

function callRow(call: CallRecord, index: number, plain: AttemptRecord | undefined): Row {
  const { service, operation, startMs, endMs = startMs, code, source } = call;
  return {
    ...{ key: `call.${index}`, level: 0, kind: 'call', name: `${service}.${operation}`, startMs, endMs },
    note: call.kind,
    state: code === 'ok' ? (source === 'cached' || source === 'stale' ? source : 'ok') : 'failed',
    segments: plainSegments({ kind: code === 'ok' ? 'plain' : 'lost', startMs, endMs }, plain),
    isCritical: true,
    words: (code === 'ok' ? callWords(call, service).join(' ') : attemptWords(code)) + placeWords(plain),
    sql: plain?.server?.sql ?? [],
  };
}

/** A bar shows what the service says of its share, where it says something. */
function plainSegments(whole: Segment, plain: AttemptRecord | undefined): Segment[] {
  if (plain?.server === undefined) return [whole];
  const inner = segmentsOf(plain, plain.endMs ?? whole.endMs).filter(({ kind }) => kind !== 'wire');
  return [{ ...whole, kind: 'wire' }, ...inner];
}

function placeWords(plain: AttemptRecord | undefined): string {
  return plain === undefined ? '' : ` At ${plain.instance}.`;
}

function attemptRows(call: CallRecord, key: string, part: PartRecord | undefined): Row[] {
  return call.attempts.map((attempt, index) => attemptRow(attempt, { call, key: `${key}.${index}`, part }));
}

interface Of {
  readonly call: CallRecord;
  readonly key: string;
  readonly part: PartRecord | undefined;
}

const whys: Readonly<Record<AttemptRecord['why'], string>> = {
  first: '',
  retry: 'retry',
  hedge: 'hedge',
  redirect: 'sent on',
};

function attemptRow(attempt: AttemptRecord, { call, key, part }: Of): Row {
  const { instance, why, startMs, code, server, waitMs } = attempt;
  const endMs = attempt.endMs ?? call.endMs ?? startMs;
  const isOk = code === 'ok';
  const waited = waitMs >= 0.1 ? ` It had waited ${waitMs.toFixed(1)} ms before it was sent.` : '';
  const words = server === undefined ? `${capital(attemptWords(code))}.` : serverWords(server, call.service);
  return {
    ...{ key, level: 1, kind: 'attempt', name: instance, startMs: startMs - waitMs, endMs },
    note: [part === undefined ? call.service : '', whys[why], isOk ? '' : attemptWords(code)]
      .filter((each) => each !== '')
      .join(' · '),
    state: isOk ? 'ok' : isCancelled(code) ? 'cancelled' : 'failed',
    segments: segmentsOf(attempt, endMs),
    isCritical: isOk && (part?.critical ?? true),
    words: words + waited,
    sql: server?.sql ?? [],
  };
}

/** Where the service tells its share, it lies in the middle of the attempt: half of the rest is the way there, half the way back. */
export function segmentsOf({ startMs, waitMs, code, server }: AttemptRecord, endMs: number): Segment[] {
  const wait: Segment[] = waitMs > 0 ? [{ kind: 'wait', startMs: startMs - waitMs, endMs: startMs }] : [];
  if (server === undefined)
    return [...wait, { kind: code === 'ok' || isCancelled(code) ? 'wire' : 'lost', startMs, endMs }];
  const share = Math.min(endMs - startMs, server.queueMs + server.handlerMs);
  const from = startMs + (endMs - startMs - share) / 2;
  const handlerAt = from + Math.min(server.queueMs, share);
  const handlerEnd = from + share;
  return [
    ...wait,
    { kind: 'wire', startMs, endMs },
    ...(server.queueMs > 0 ? [{ kind: 'queue', startMs: from, endMs: handlerAt } as const] : []),
    { kind: 'handler', startMs: handlerAt, endMs: handlerEnd },
    ...server.sql.map((each): Segment => {
      const sqlAt = Math.min(handlerEnd, handlerAt + each.startMs);
      return { kind: 'sql', startMs: sqlAt, endMs: Math.min(handlerEnd, sqlAt + each.ms) };
    }),
  ];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Round times for an axis: at most `most` of them after 0, none beyond the end. */
export function ticksOf(durationMs: number, most = 6): readonly number[] {
  if (!(durationMs > 0)) return [0];
  const raw = durationMs / most;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= raw) ?? raw;
  return Array.from({ length: Math.floor(durationMs / step) + 1 }, (_, index) => index * step);
}
