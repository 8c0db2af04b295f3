import { Readable } from 'node:stream';
import type { Streamed } from '@facet/aggregation';
import { refusalOf } from '../problems/problem.js';
import { bodyOf } from './body.js';

export type StreamFormat = 'ndjson' | 'sse';

export const streamTypes: Readonly<Record<StreamFormat, string>> = {
  ndjson: 'application/x-ndjson; charset=utf-8',
  sse: 'text/event-stream; charset=utf-8',
};

/** The format that a client asks for; undefined where it wants the whole answer at once. */
export function streamFormatOf(accept: string | undefined): StreamFormat | undefined {
  const types = (accept ?? '')
    .toLowerCase()
    .split(',')
    .map((range) => range.split(';').map((piece) => piece.trim()))
    .filter(([, ...parameters]) => !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter)))
    .map(([type]) => type);
  if (types.includes('application/x-ndjson')) return 'ndjson';
  return types.includes('text/event-stream') ? 'sse' : undefined;
}

/** One piece of a streamed answer. */
type Piece =
  | { readonly event: 'first'; readonly value: unknown }
  | { readonly event: 'part'; readonly part: string; readonly value?: unknown; readonly missing?: string }
  | { readonly event: 'end'; readonly meta: unknown }
  | { readonly event: 'error'; readonly problem: unknown };

const write: Readonly<Record<StreamFormat, (piece: Piece) => string>> = {
  ndjson: (piece) => `${JSON.stringify(piece)}\n`,
  sse: ({ event, ...data }) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`,
};

export interface StreamOptions {
  readonly format: StreamFormat;
  readonly traceId: string;
  /** Adds the whole account of the answer at the end. */
  readonly explained: boolean;
}

/**
 * The answer in pieces: `first` has all but the deferred parts, each `part` follows as it arrives, `end` says what is
 * missing. A reader that goes away ends the work that is still under way.
 */
export function streamOf(
  answer: Streamed<object, object>,
  { format, traceId, explained }: StreamOptions,
): Readable {
  const pieces = async function* (): AsyncGenerator<string> {
    try {
      yield write[format]({ event: 'first', value: answer.first.value });
      for await (const { part, value, report } of answer.arrivals) {
        const missing = report.reason === undefined ? {} : { missing: report.reason };
        yield write[format]({ event: 'part', part, value, ...missing });
      }
      const { meta = {} } = bodyOf({ ...(await answer.whole), value: {} }, explained);
      yield write[format]({ event: 'end', meta });
    } catch (error) {
      yield write[format]({ event: 'error', problem: refusalOf(error, traceId).problem });
    }
  };
  return Readable.from(pieces(), { objectMode: false });
}
