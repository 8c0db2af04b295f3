import type { ServerTimes, SqlTimes } from '@facet/contracts';

/** The id of the frame that brings a server's own times of a request, before its reply. */
export const TIMES_ID = 'facet:times';

const MAX_STATEMENTS = 50;
const MAX_STATEMENT_LENGTH = 1_000;

/** Takes what a handler reports of its own work, for one request. */
export class TimesCollector {
  readonly sql: SqlTimes[] = [];
  /** When the handler began, on the clock of `performance.now()`. */
  startedAt = 0;

  /** A statement that has ended now and took `ms`; it may have the places of parameters in it, and no values. */
  ran(statement: string, ms: number, rows: number): void {
    if (this.sql.length >= MAX_STATEMENTS) return;
    const startMs = Math.max(0, performance.now() - ms - this.startedAt);
    this.sql.push({
      statement: statement.slice(0, MAX_STATEMENT_LENGTH),
      ...{ startMs: tidy(startMs), ms: tidy(ms), rows },
    });
  }
}

/** The frame that goes before the reply with this id. A client that does not know it takes it for an answer to nobody. */
export function encodeTimes(of: unknown, { queueMs, handlerMs, sql }: ServerTimes): string {
  const response = { of, queue: tidy(queueMs), handler: tidy(handlerMs), sql: sql.map(rowOf) };
  return JSON.stringify({ response, isDisposed: true, id: TIMES_ID });
}

/** What such a frame says; undefined where it has another shape. It is the peer's word, and is bounded here too. */
export function readTimes(
  response: unknown,
): { readonly of: number; readonly times: ServerTimes } | undefined {
  const { of, queue, handler, sql } = Object(response) as Record<string, unknown>;
  if (typeof of !== 'number' || !isMs(queue) || !isMs(handler) || !Array.isArray(sql)) return undefined;
  const rows = sql.slice(0, MAX_STATEMENTS).flatMap(readRow);
  return { of, times: { queueMs: queue, handlerMs: handler, sql: rows } };
}

function rowOf({ statement, startMs, ms, rows }: SqlTimes): readonly unknown[] {
  return [statement, startMs, ms, rows];
}

function readRow(row: unknown): SqlTimes[] {
  const [statement, startMs, ms, rows] = Array.isArray(row) ? (row as unknown[]) : [];
  if (typeof statement !== 'string' || !isMs(startMs) || !isMs(ms) || !isMs(rows)) return [];
  return [{ statement: statement.slice(0, MAX_STATEMENT_LENGTH), startMs, ms, rows }];
}

function isMs(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value < Infinity;
}

function tidy(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
