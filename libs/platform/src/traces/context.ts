import { randomFillSync } from 'node:crypto';

/** W3C Trace Context, https://www.w3.org/TR/trace-context/#traceparent-header */
export interface TraceParent {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  readonly sampled: boolean;
}

const HEADER = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Undefined where the header is not valid: the trace then starts anew. */
export function parseTraceparent(header: string | undefined): TraceParent | undefined {
  const match = HEADER.exec(header ?? '');
  if (match === null) return undefined;
  const [, version, traceId, spanId, flags, rest] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string?,
  ];
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (parseInt(flags, 16) & 1) === 1 };
}

export function formatTraceparent({ traceId, spanId, sampled }: TraceParent): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

/** A span of this process in a trace. */
export interface TraceSpan extends TraceParent {
  /** The span that it is a child of; undefined where the trace begins here. */
  readonly parentSpanId: string | undefined;
}

/**
 * A span of our own in the trace that `header` names, or in a new one. Whether a trace is sampled is its first span's word;
 * of new ones the share `ratio` is.
 */
export function continueTrace(header: string | undefined, ratio = 1): TraceSpan {
  const parent = header === undefined ? undefined : parseTraceparent(header);
  const traceId = parent?.traceId ?? randomHex(16);
  const sampled = parent?.sampled ?? (ratio >= 1 || isAmong(traceId, ratio));
  return { traceId, spanId: newSpanId(), parentSpanId: parent?.spanId, sampled };
}

/** By the last digits of the trace's id, which are random, so that every process decides alike. */
function isAmong(traceId: string, ratio: number): boolean {
  return parseInt(traceId.slice(-8), 16) < ratio * 2 ** 32;
}

/** The same traceparent, as it was made by `formatTraceparent`, with another span as the parent. */
export function withSpan(traceparent: string, spanId: string): string {
  return `${traceparent.slice(0, SPAN_AT)}${spanId}${traceparent.slice(SPAN_AT + 16)}`;
}

/** Where the span's id stands in a traceparent. */
const SPAN_AT = '00-'.length + 32 + 1;

export function newSpanId(): string {
  return randomHex(8);
}

const pool = Buffer.alloc(4096);
let used = pool.length;

/** Random bytes are drawn many at a time: each draw costs as much as a hundred ids. */
function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
}
