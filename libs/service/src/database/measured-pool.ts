import pg from 'pg';
import { currentTimes, forThisRequest } from '../handler-times.js';

/** What is told of each statement and each wait for a connection, in milliseconds. */
export interface PoolMeter {
  /** `error` is the SQLSTATE or code of what went wrong; empty for success. */
  ran(operation: string, error: string, ms: number): void;
  waited(ms: number): void;
}

type Callback = (error: Error | undefined, result: unknown) => void;
type OnConnect = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: unknown) => void,
) => void;

/** A pool that measures its statements and its waits, and reports statements to the request that they are run for. */
export function measuredPool(options: pg.PoolConfig, meter: PoolMeter): pg.Pool {
  class MeasuredClient extends pg.Client {
    override query(...given: unknown[]): never {
      const done = watch(given[0], meter);
      const last = given.at(-1);
      if (done === undefined) return this.#run(given);
      if (typeof last === 'function') {
        return this.#run([
          ...given.slice(0, -1),
          (error: Error | undefined, result: unknown) => {
            done(error, result);
            (last as Callback)(error, result);
          },
        ]);
      }
      const running = this.#run(given) as Promise<unknown>;
      running.then((result) => done(undefined, result), done);
      return running as never;
    }

    #run(given: readonly unknown[]): never {
      return (super.query as (...all: readonly unknown[]) => never).call(this, ...given);
    }
  }

  class MeasuredPool extends pg.Pool {
    override connect(): Promise<pg.PoolClient>;
    override connect(callback: OnConnect): void;
    override connect(callback?: OnConnect): Promise<pg.PoolClient> | undefined {
      const from = performance.now();
      const waited = () => meter.waited(performance.now() - from);
      if (callback === undefined) {
        const connecting = super.connect();
        connecting.then(waited, waited);
        return connecting;
      }
      const resume = forThisRequest<Parameters<OnConnect>>((error, client, done) => {
        waited();
        callback(error, client, done);
      });
      super.connect(resume);
      return undefined;
    }
  }

  return new MeasuredPool({ ...options, Client: MeasuredClient });
}

/** What is called when the statement has ended; undefined for what is no text. */
function watch(config: unknown, meter: PoolMeter): ((error: unknown, result?: unknown) => void) | undefined {
  const text = typeof config === 'string' ? config : (config as { text?: unknown } | undefined)?.text;
  if (typeof text !== 'string') return undefined;
  const from = performance.now();
  const times = currentTimes();
  return (error, result) => {
    const ms = performance.now() - from;
    meter.ran(operationOf(text), error === undefined || error === null ? '' : codeOf(error), ms);
    times?.ran(withoutLiterals(text), ms, rowsOf(result));
  };
}

const OPERATIONS = new Set([
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'WITH',
  'BEGIN',
  'COMMIT',
  'ROLLBACK',
  'SAVEPOINT',
]);

function operationOf(text: string): string {
  const word = /^\s*([a-z]+)/i.exec(text)?.[1]?.toUpperCase() ?? '';
  return OPERATIONS.has(word) ? word : 'OTHER';
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'error';
}

function rowsOf(result: unknown): number {
  const { rowCount } = Object(result) as { rowCount?: unknown };
  return typeof rowCount === 'number' ? rowCount : 0;
}

/** Values belong into parameters. One that was written into the text all the same is not shown. */
function withoutLiterals(text: string): string {
  return text.replace(/'(?:[^']|'')*'/g, "'?'");
}
