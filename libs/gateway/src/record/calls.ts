import type { CallRequest, SentAttempt, SentCall } from '@facet/contracts';
import { milliseconds } from './milliseconds.js';
import type { AttemptRecord, CallRecord, CallSource } from './record.js';

/** A call as the request made it, before a cache or routing had to do with it. Times on `performance.now()`. */
export interface AskedCall {
  readonly request: CallRequest;
  readonly startedAt: number;
  readonly endedAt?: number | undefined;
  readonly source?: 'fresh' | 'cached' | 'stale' | undefined;
  readonly ids?: number;
  /** The names of the parts that it was made for. */
  readonly parts: readonly string[];
}

export interface Calls {
  readonly records: readonly CallRecord[];
  /** The indices of the calls of a part. */
  of(part: string): readonly number[];
}

/** The calls of a request: what its aggregation asked, with what was sent for that, and what was sent beside. */
export function callsOf({
  startedAt,
  asked,
  sent,
}: {
  startedAt: number;
  asked: readonly AskedCall[];
  sent: readonly SentCall[];
}): Calls {
  const sentFor = new Map(sent.map((each) => [each.request.origin ?? each.request, each]));
  const beside = sent
    .filter(({ request }) => !asked.some((each) => each.request === (request.origin ?? request)))
    .map((each): AskedCall => ({
      request: each.request,
      startedAt: each.startedAt,
      parts: [],
      ...ended(each),
    }));
  const all = [...asked, ...beside].sort((one, other) => one.startedAt - other.startedAt);
  return {
    records: all.map((each) => recordOf(each, sentFor.get(each.request), startedAt)),
    of: (part) => all.flatMap(({ parts }, index) => (parts.includes(part) ? [index] : [])),
  };
}

function ended({ endedAt, code }: SentCall): Partial<AskedCall> {
  return { ...(endedAt > 0 && { endedAt }), ...(code === 'ok' && { source: 'fresh' }) };
}

function recordOf(asked: AskedCall, sent: SentCall | undefined, from: number): CallRecord {
  const { operation } = asked.request.selection;
  return {
    service: operation.service,
    operation: operation.name,
    kind: operation.kind,
    priority: sent?.priority ?? 'normal',
    source: sourceOf(asked, sent),
    startMs: milliseconds(asked.startedAt - from),
    ...(asked.endedAt === undefined ? {} : { endMs: milliseconds(asked.endedAt - from) }),
    queueMs: sent === undefined || sent.admittedAt === 0 ? 0 : milliseconds(sent.admittedAt - sent.startedAt),
    code: codeOf(asked, sent),
    ...(asked.ids === undefined ? {} : { ids: asked.ids }),
    attempts: sent === undefined ? [] : attemptsOf(sent, from),
  };
}

/** A fresh answer for which nothing was sent came with a call of another request, or of another part of this one. */
function sourceOf({ source }: AskedCall, sent: SentCall | undefined): CallSource {
  if (source === undefined) return 'none';
  return source === 'fresh' && sent === undefined ? 'joined' : source;
}

function codeOf({ source, endedAt }: AskedCall, sent: SentCall | undefined): string {
  if (source !== undefined) return 'ok';
  if (sent !== undefined && sent.code !== '') return sent.code;
  return endedAt === undefined ? 'unfinished' : 'failed';
}

function attemptsOf({ attempts, admittedAt }: SentCall, from: number): AttemptRecord[] {
  return attempts.map((attempt, index) => {
    const before = attempts
      .slice(0, index)
      .filter(({ why }) => why !== 'hedge')
      .at(-1);
    const readyAt = attempt.why === 'hedge' ? attempt.startedAt : (before?.endedAt ?? admittedAt);
    return attemptOf(attempt, Math.max(0, attempt.startedAt - readyAt), from);
  });
}

function attemptOf(attempt: SentAttempt, waitedMs: number, from: number): AttemptRecord {
  const { address, why, startedAt, endedAt, code, spanId, server } = attempt;
  return {
    instance: address,
    why,
    startMs: milliseconds(startedAt - from),
    ...(endedAt === 0 ? {} : { endMs: milliseconds(endedAt - from) }),
    waitMs: milliseconds(waitedMs),
    code: code === '' ? 'unfinished' : code,
    ...(spanId === undefined ? {} : { spanId }),
    ...(server === undefined ? {} : { server }),
  };
}
