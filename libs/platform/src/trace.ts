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

/** A span of our own in the trace that `header` names, or in a new one. */
export function continueTrace(header: string | undefined): TraceSpan {
  const parent = header === undefined ? undefined : parseTraceparent(header);
  return {
    traceId: parent?.traceId ?? randomHex(16),
    spanId: newSpanId(),
    parentSpanId: parent?.spanId,
    sampled: parent?.sampled ?? true,
  };
}

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
