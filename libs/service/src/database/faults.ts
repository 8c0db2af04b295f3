import { types } from 'node:util';
import { Fault } from '@facet/platform';
import { DrizzleQueryError } from 'drizzle-orm';

interface PgError {
  readonly code?: string;
  readonly message: string;
  readonly table?: string;
  readonly constraint?: string;
}

/** Errors of the socket, and of `pg` where it has no code of its own. */
const CONNECTION =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EPIPE|ETIMEDOUT|EHOSTUNREACH)$|Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/;

/** SQLSTATE of a write on a server that takes none: one that is a standby now. */
export const READ_ONLY = '25006';

/** SQLSTATE: that, connection exceptions, insufficient resources, shutting down or starting, a cancelled statement. */
const UNAVAILABLE = /^(25006|08...|53...|57P0[1-5]|57014)$/;

/** SQLSTATE: text that does not exist in the encoding (a null byte), in JSON, or as a value of the type it is for. */
const UNREADABLE = /^(22021|22P05|22P02)$/;

/** A fault for the caller where the database cannot be had right now; undefined where the error is a defect. */
export function databaseFault(error: unknown): Fault | undefined {
  const found = chainOf(error).some(
    ({ code, message }) =>
      CONNECTION.test(code ?? '') || CONNECTION.test(message) || UNAVAILABLE.test(code ?? ''),
  );
  if (!found) return undefined;
  return new Fault('database.unavailable', 503, 'the service cannot reach its data', {
    retryAfterMs: 1_000,
    cause: error,
  });
}

/**
 * A fault for the caller who sent text that the database cannot take, which a contract let through; undefined where the
 * error is another.
 */
export function inputFault(error: unknown): Fault | undefined {
  if (!chainOf(error).some(({ code }) => UNREADABLE.test(code ?? ''))) return undefined;
  const message = 'the input holds text that cannot be stored or read';
  return new Fault('input.invalid', 400, message, { cause: error });
}

/** Whether doing the same transaction again can succeed: it lost against another one. */
export function isConflict(error: unknown): boolean {
  return chainOf(error).some(({ code }) => code === '40001' || code === '40P01');
}

/** For the log: never with values, which a failed query's message and detail carry. Undefined for other errors. */
export function describeDatabaseError(error: unknown): Record<string, unknown> | undefined {
  const isQuery = error instanceof DrizzleQueryError;
  const cause = chainOf(error).find(({ code }) => code !== undefined);
  if (!isQuery && cause === undefined) return undefined;
  const { query } = error as { query?: string };
  return { code: cause?.code, table: cause?.table, constraint: cause?.constraint, query };
}

/** An error with its causes. Node's own errors may come from another realm, where `instanceof` says no. */
function chainOf(error: unknown): PgError[] {
  const chain: PgError[] = [];
  for (let at = error; types.isNativeError(at) && chain.length < 5; at = at.cause) {
    const { errors = [] } = at as { errors?: PgError[] };
    chain.push(at, ...errors);
  }
  return chain;
}
