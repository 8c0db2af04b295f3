import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { Streamed } from '@facet/aggregation';
import { preferredType } from '../http/negotiate.js';
import { refusalOf } from '../problems/problem.js';
import { metaFor } from '../record/explain.js';
import type { RequestRecord } from '../record/record.js';

export type StreamFormat = 'ndjson' | 'sse';

export const streamTypes: Readonly<Record<StreamFormat, string>> = {
  ndjson: 'application/x-ndjson; charset=utf-8',
  sse: 'text/event-stream; charset=utf-8',
};

const formats = {
  'application/json': undefined,
  'application/x-ndjson': 'ndjson',
  'text/event-stream': 'sse',
} as const satisfies Record<string, StreamFormat | undefined>;

/** The format that a client prefers; undefined where that is the whole answer at once. */
export function streamFormatOf(accept: string | undefined): StreamFormat | undefined {
  if (accept === undefined) return undefined;
  return formats[preferredType(accept, ['application/json', 'application/x-ndjson', 'text/event-stream'])];
}

/** One piece of a streamed answer. */
type Piece =
  | { readonly event: 'first'; readonly value: unknown }
  | { readonly event: 'part'; readonly part: string; readonly value?: unknown; readonly missing?: string }
  | { readonly event: 'end'; readonly meta: unknown }
  | { readonly event: 'error'; readonly problem: unknown };

const write: Readonly<Record<StreamFormat, (piece: Piece) => string>> = {
  ndjson: (piece) => `${JSON.stringify(piece)}\n`,
  sse: ({ event, ...data }) => {
    const id = event === 'end' || event === 'error' ? `id: ${END_ID}\n` : '';
    return `event: ${event}\n${id}data: ${JSON.stringify(data)}\n\n`;
  },
};

/**
 * The id of a stream's last event. An `EventSource` connects again when its stream has ended, and names the last id that it
 * was given; only a 204 stops it.
 */
const END_ID = 'end';

/** Whether a client has the whole stream already, and only asks as an `EventSource` does not know that it has ended. */
export function hasEnded({ 'last-event-id': last }: IncomingHttpHeaders): boolean {
  return last === END_ID;
}

export interface StreamOptions {
  readonly format: StreamFormat;
  readonly traceId: string;
  /** Adds how the answer was made at the end. */
  readonly explainedBy: (() => RequestRecord) | undefined;
}

/**
 * The answer in pieces: `first` has all but the deferred parts, each `part` follows as it arrives, `end` says what is
 * missing. A reader that goes away ends the work that is still under way.
 */
export function streamOf(
  answer: Streamed<object, object>,
  { format, traceId, explainedBy }: StreamOptions,
): Readable {
  const pieces = async function* (): AsyncGenerator<string> {
    try {
      yield write[format]({ event: 'first', value: answer.first.value });
      for await (const { part, value, report } of answer.arrivals) {
        const missing = report.reason === undefined ? {} : { missing: report.reason };
        yield write[format]({ event: 'part', part, value, ...missing });
      }
      const meta = metaFor(await answer.complete, explainedBy) ?? {};
      yield write[format]({ event: 'end', meta });
    } catch (error) {
      yield write[format]({ event: 'error', problem: refusalOf(error, traceId).problem });
    }
  };
  return Readable.from(pieces(), { objectMode: false });
}
