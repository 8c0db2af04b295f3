import type { Problem } from './operation.js';

/** One piece of a streamed answer. */
export interface Piece {
  readonly event: string;
  readonly part?: string;
  readonly problem?: Problem;
}

const KINDS = {
  ndjson: { accept: 'application/x-ndjson', end: '\n', read: (text: string) => text },
  sse: { accept: 'text/event-stream', end: '\n\n', read: eventIn },
} as const;

export type StreamFormat = keyof typeof KINDS;
export const acceptOf = (format: StreamFormat): string => KINDS[format].accept;

/** The pieces in a body, as they arrive. Rejects where the body breaks off, or has something else in it. */
export async function* piecesIn(
  body: ReadableStream<Uint8Array>,
  format: StreamFormat,
): AsyncGenerator<Piece, void, undefined> {
  const { end, read } = KINDS[format];
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (text + value).split(end);
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const json = read(block);
        if (json.trim() !== '') yield JSON.parse(json) as Piece;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** An event as the line of NDJSON that says the same; empty for a comment. */
function eventIn(block: string): string {
  const field = (name: string) =>
    block
      .split('\n')
      .filter((line) => line.startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).replace(/^ /, ''))
      .join('\n');
  const data = field('data');
  return data === '' ? '' : JSON.stringify({ event: field('event'), ...(JSON.parse(data) as object) });
}
