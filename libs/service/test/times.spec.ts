import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ServerTimes, SqlTimes } from '@facet/contracts';
import { eventuallyPasses, startTestDatabase, type TestDatabase } from '@facet/testing';
import { Channel } from '@facet/transport';
import { startLibrary, type StartedLibrary } from './fixture/start.js';

let database: TestDatabase;
let service: StartedLibrary;
let channel: Channel;

beforeAll(async () => {
  database = await startTestDatabase();
  service = await startLibrary(database);
  const { hostname, port } = new URL(`tcp://${service.addresses['tcp'] ?? ''}`);
  channel = new Channel({ host: hostname, port: Number(port) });
  await channel.connect();
}, 60_000);

afterAll(async () => {
  await channel?.drain();
  await service?.stop();
  await database?.stop();
}, 60_000);

/** What a call brings: its times, if the service sends them, and then its answer or error. */
function ask(pattern: string, data: object, times: boolean) {
  return new Promise<{ times: ServerTimes[]; text?: string; code?: unknown }>((resolve) => {
    const seen: ServerTimes[] = [];
    channel.send(
      { pattern, data, times, timeoutMs: 10_000 },
      {
        timed: (each) => seen.push(each),
        arrived: (bytes, start, end) => resolve({ times: seen, text: bytes.toString('utf8', start, end) }),
        missed: (error) => {
          const { code } = Object((error as { payload?: unknown }).payload) as { code?: unknown };
          resolve({ times: seen, code });
        },
      },
    );
  });
}

/** A request that waited for a new connection also waited for the check of its server. */
const isOfHandler = ({ statement }: SqlTimes) => !statement.startsWith('show ');
const statementsOf = (times: readonly ServerTimes[]) =>
  (times[0]?.sql ?? []).filter(isOfHandler).map(({ statement }) => statement);

const metrics = async () => (await fetch(`${service.addresses['admin'] ?? ''}/metrics`)).text();

describe("a service's own times", () => {
  test('come before the answer, with the statements that ran for it, where a client asks', async () => {
    expect(channel.peer?.times).toBe(true);
    const [{ times, text }, other] = await Promise.all([
      ask('library.book', { id: 'b1' }, true),
      ask('library.books', {}, true),
    ]);
    expect(JSON.parse(text ?? '')).toMatchObject({ id: 'b1' });
    expect(times).toHaveLength(1);
    const { queueMs, handlerMs, sql: all } = times[0] as ServerTimes;
    const sql = all.filter(isOfHandler);
    expect(queueMs).toBeGreaterThanOrEqual(0);
    expect(sql).toEqual([
      {
        statement: expect.stringMatching(/^select .* from "books" where .*\$1/),
        startMs: expect.any(Number),
        ms: expect.any(Number),
        rows: 1,
      },
    ]);
    expect(sql[0]?.ms).toBeLessThanOrEqual(handlerMs);
    expect(statementsOf(other.times)).toEqual([expect.stringMatching(/^select .* from "books" order by/)]);
  });

  test('come before an error, too, and are those of a whole transaction', async () => {
    const input = { idempotencyKey: 'k-times', id: 'b2', then: 'throw-fault' };
    const { times, code } = await ask('library.lend', input, true);
    expect(code).toBe('library.refused');
    const statements = statementsOf(times).map((statement) => statement.split(' ', 1)[0]);
    expect(statements).toEqual([
      'begin',
      'insert',
      'savepoint',
      'update',
      'insert',
      'rollback',
      'update',
      'commit',
    ]);
  });

  test('hold no values, whether they are parameters or were written into the statement', async () => {
    const { times } = await ask('library.broken', { how: 'cast' }, true);
    const text = JSON.stringify(times);
    expect(text).toContain('::text::int');
    expect(text).not.toContain('secret');
  });

  test('are told to nobody who does not ask', async () => {
    expect((await ask('library.book', { id: 'b1' }, false)).times).toEqual([]);
  });

  test('of requests that run at once are kept apart when they wait for the same connections', async () => {
    const asked = Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? 'library.book' : 'library.books'));
    const answers = await Promise.all(
      asked.map((pattern) => ask(pattern, pattern === 'library.book' ? { id: 'b1' } : {}, true)),
    );
    const ran = answers.map(({ times }) =>
      statementsOf(times).map((statement) => statement.includes('order by')),
    );
    expect(ran).toEqual(asked.map((pattern) => [pattern === 'library.books']));
  });
});

describe("a service's metrics", () => {
  test('have calls, statements, waits and connections, by names that nobody outside chooses', async () => {
    await ask('library.book', { id: 'none' }, false);
    await ask('no.such-pattern', {}, false);
    await eventuallyPasses(async () => {
      const text = await metrics();
      expect(text).toMatch(
        /rpc_server_call_duration_seconds_count\{rpc_method="library.book",error_type="library.no-such-book".*\} 1/,
      );
      expect(text).toMatch(
        /rpc_server_call_duration_seconds_count\{rpc_method="_OTHER",error_type="transport.no-handler".*\} 1/,
      );
      expect(text).toMatch(
        /rpc_server_call_duration_seconds_count\{rpc_method="library.whoAmI",error_type="",.*\} 0/,
      );
      expect(text).toMatch(
        /db_client_operation_duration_seconds_count\{db_operation_name="SELECT",error_type="".*\} [1-9]/,
      );
      expect(text).toMatch(
        /db_client_operation_duration_seconds_count\{db_operation_name="SELECT",error_type="22P02".*\} 1/,
      );
      expect(text).toMatch(/db_client_connection_wait_time_seconds_count\{.*\} [1-9]/);
      expect(text).toMatch(/db_client_connection_count\{state="idle".*\} [1-9]/);
      expect(text).toMatch(/db_client_connection_max\{.*\} \d+/);
      expect(text).toMatch(/facet_service_requests\{state="running".*\} 0/);
      expect(text).toMatch(/facet_service_connections\{.*\} 1/);
      expect(text).not.toContain('no.such-pattern');
    });
  });

  test('tell a command that was carried out from one that was answered again', async () => {
    const input = { idempotencyKey: 'k-twice', id: 'b1', then: 'answer' };
    await ask('library.lend', input, false);
    await ask('library.lend', input, false);
    const text = await metrics();
    expect(text).toMatch(/facet_commands_total\{rpc_method="library.lend",outcome="repeated".*\} 1/);
  });
});
