import { Controller, Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { changesOf, type ChangesQuery, type OutputOf, type ParsedInputOf } from '@facet/contracts';
import { StartError } from '@facet/platform';
import { lt, sql } from 'drizzle-orm';
import { Database } from './database/open.js';
import { answerChanges } from './database/schema.js';
import { Implements } from './implements.js';
import type { Sweeps } from './sweeper.js';

/** How long changes are told of; rows are kept for twice as long. */
const TOLD_MINUTES = 60;
/** More tags than this are no news but "everything". */
const MAX_TAGS = 2_000;

type Told = OutputOf<ChangesQuery>;

interface Row extends Record<string, unknown> {
  readonly snapshot: string;
  readonly minute: number;
  readonly isLater: boolean;
  readonly tags: string[] | null;
}

/** What has changed since a moment, and where a reader is to go on. */
@Injectable()
export class AnswerChanges implements Sweeps, OnModuleInit {
  constructor(private readonly db: Database) {}

  /** @throws StartError where there is no table for them */
  async onModuleInit(): Promise<void> {
    const { rows } = await this.db.execute<{ isThere: boolean }>(
      sql`select to_regclass('answer_changes') is not null as "isThere"`,
    );
    if (rows[0]?.isThere === true) return;
    throw new StartError(
      'the contract tags answers, but there is no table answer_changes: export answerChanges from schema.ts and run npx drizzle-kit generate',
    );
  }

  /**
   * A moment is a snapshot of the database: which transactions were visible. What has changed since is what is visible
   * now and was not then, so that nothing is missed, however late a transaction commits, and no writer waits for another.
   */
  async since(place: string | undefined): Promise<Told> {
    const since = place === undefined ? undefined : readPlace(place);
    const row = await this.read(since?.snapshot ?? '1:1:');
    const next = `${row.minute} ${row.snapshot}`;
    const isKnown = since !== undefined && row.isLater && row.minute - since.minute < TOLD_MINUTES;
    const tags = row.tags ?? [];
    if (!isKnown || tags.length > MAX_TAGS) return { tags: [], next, reset: true };
    return { tags, next, reset: false };
  }

  /** Forgets what nobody is told of any more. */
  async sweep(): Promise<void> {
    const age = sql`now() - make_interval(mins => ${2 * TOLD_MINUTES})`;
    await this.db.delete(answerChanges).where(lt(answerChanges.createdAt, age));
  }

  /** In one statement, so that what is seen and the snapshot are of the same moment. */
  private async read(snapshot: string): Promise<Row> {
    const then = sql`${snapshot}::pg_snapshot`;
    const { rows } = await this.db.execute<Row>(sql`
      select pg_current_snapshot()::text as snapshot,
             floor(extract(epoch from now()) / 60)::int as minute,
             pg_snapshot_xmax(pg_current_snapshot()) >= pg_snapshot_xmin(${then}) as "isLater",
             (select array_agg(distinct tag) from ${answerChanges}, unnest(${answerChanges.tags}) as tag
               where ${answerChanges.transaction} >= pg_snapshot_xmin(${then})
                 and not pg_visible_in_snapshot(${answerChanges.transaction}, ${then})) as tags`);
    const [row] = rows;
    if (row === undefined) throw new Error('a select without a from gave no row');
    return row;
  }
}

/** Undefined for what was not given out here. */
function readPlace(place: string): { minute: number; snapshot: string } | undefined {
  const [, minute, snapshot] = /^(\d{1,12}) (\d{1,20}:\d{1,20}:[\d,]*)$/.exec(place) ?? [];
  return minute === undefined || snapshot === undefined ? undefined : { minute: Number(minute), snapshot };
}

/** The controller that answers for one service. */
export function answerChangesController(service: string): Type {
  @Controller()
  class AnswerChangesController {
    constructor(private readonly changes: AnswerChanges) {}

    @Implements(changesOf(service))
    since({ since }: ParsedInputOf<ChangesQuery>): Promise<Told> {
      return this.changes.since(since);
    }
  }
  return AnswerChangesController;
}
