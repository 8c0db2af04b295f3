import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { expect, test } from '@jest/globals';
import pg from 'pg';
import { clusterAt, copyCluster, ensureCluster, findInstallation, type Cluster } from '../src/cluster.js';
import { startServer, type Database } from '../src/server.js';

const settings = { fsync: 'off', shared_buffers: '32MB', wal_keep_size: '64MB' };

/**
 * A base backup by PostgreSQL's low-level API (https://www.postgresql.org/docs/current/continuous-archiving.html, "Making a
 * Base Backup Using the Low Level API"), which is what `pg_basebackup` does from outside: the embedded server comes without it.
 */
test('a base backup that is taken while a service writes is restored with every row that was committed before its end', async () => {
  const installation = findInstallation();
  const home = mkdtempSync(join(installation.home, 'backup-spec-'));
  chmodSync(home, 0o755); // the server's own account has to pass through it
  const template = await ensureCluster(
    join(installation.home, `fresh-${installation.binaries.version}`),
    installation,
  );
  const servers: Database[] = [];
  const start = async (cluster: Cluster): Promise<string> => {
    const server = await startServer(cluster, installation, { port: await freePort(), settings });
    servers.push(server);
    return server.url;
  };
  try {
    const source = copyCluster(template, join(home, 'source'), installation);
    const url = await start(source);
    const client = await connect(url);
    await client.query(
      'create table orders (id bigint primary key, placed timestamptz not null default now())',
    );
    const writer = new Writer(await connect(url));
    await writer.hasWritten(50);
    await client.query("select pg_backup_start('nightly', fast => true)");
    const copy = clusterAt(join(home, 'restored'));
    cpSync(source.folder, copy.folder, {
      recursive: true,
      filter: (path) => !/^postmaster\.(?:pid|opts)$/.test(basename(path)) && !/pg_wal\/./.test(path),
    });
    await writer.hasWritten(50);
    const { rows } = await client.query<{ labelfile: string }>(
      'select labelfile from pg_backup_stop(wait_for_archive => false)',
    );
    const committed = writer.committed;
    writeFileSync(join(copy.data, 'backup_label'), rows[0]?.labelfile ?? '');
    mkdirSync(join(copy.data, 'pg_wal'), { recursive: true });
    cpSync(join(source.data, 'pg_wal'), join(copy.data, 'pg_wal'), { recursive: true });
    await writer.stop();
    await client.end();
    await servers[0]?.stop();

    giveToServer(copy, installation);
    const restored = await connect(await start(copy));
    const { rows: kept } = await restored.query<{ count: number; last: number }>(
      'select count(*)::int as count, max(id)::int as last from orders',
    );
    const { count = 0, last = 0 } = kept[0] ?? {};
    expect(last).toBeGreaterThanOrEqual(committed);
    expect(count).toBe(last);
    await restored.query('insert into orders (id) values ($1)', [last + 1]);
    await restored.end();
  } finally {
    for (const server of servers) await server.stop();
    rmSync(home, { recursive: true, force: true });
  }
}, 120_000);

/** Writes one row after the other, each in a transaction of its own. */
class Writer {
  committed = 0;
  #isOver = false;
  readonly #writing: Promise<void>;

  constructor(private readonly client: pg.Client) {
    this.#writing = this.#write();
  }

  async hasWritten(more: number): Promise<void> {
    const until = this.committed + more;
    while (this.committed < until) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#writing;
    await this.client.end();
  }

  async #write(): Promise<void> {
    while (!this.#isOver) {
      await this.client.query('insert into orders (id) values ($1)', [this.committed + 1]);
      this.committed += 1;
    }
  }
}

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}

function giveToServer({ folder, data }: Cluster, { account }: ReturnType<typeof findInstallation>): void {
  chmodSync(data, 0o700);
  if (account === undefined) return;
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    chownSync(join(folder, entry), account.uid, account.gid);
  chownSync(folder, account.uid, account.gid);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
