import { chownSync, existsSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { serverAccount } from '../src/account.js';
import { clusterAt } from '../src/cluster.js';
import { findServer, isAlive, readIfThere } from '../src/postmaster.js';
import { copyWorkspace, type RunningScript, type RunOptions, type WorkspaceCopy } from './workspace-copy.js';

interface Said {
  readonly url: string;
  readonly pid: number;
  readonly failed?: string;
}

/** Where the test has to find the watcher among the processes. */
const onLinux = process.platform === 'linux' ? test : test.skip;
const asRoot = process.getuid?.() === 0 ? test : test.skip;

let workspace: WorkspaceCopy;
const scripts: RunningScript[] = [];

function run(script: string, options?: RunOptions): RunningScript {
  const running = workspace.run(script, {
    ...options,
    env: { DATABASE_PORT: String(port), ...options?.env },
  });
  scripts.push(running);
  return running;
}

const own = (options?: RunOptions): RunningScript => run('tools/database/test/scripts/own.ts', options);
const said = async (script: RunningScript): Promise<Said> => JSON.parse(await script.nextLine()) as Said;

async function stop(script: RunningScript): Promise<void> {
  script.child.kill('SIGTERM');
  await script.exitCode;
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

async function gone(url: string): Promise<void> {
  for (;;) {
    try {
      await query(url, 'select 1');
    } catch (error) {
      if ((error as { code?: string }).code === 'ECONNREFUSED') return;
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

let port: number;

beforeEach(async () => {
  port = await freePort();
});

afterEach(async () => {
  await Promise.all(scripts.splice(0).map(stop));
  workspace.remove();
});

describe('the workspace’s own PostgreSQL', () => {
  beforeEach(() => {
    workspace = copyWorkspace();
  });

  test('keeps its data from one start to the next, until it is reset', async () => {
    const first = own();
    await query((await said(first)).url, 'create table kept (n int)');
    await stop(first);
    const second = own();
    const { url } = await said(second);
    expect(await query(url, 'select * from kept')).toEqual([]);
    await stop(second);

    const reset = run('tools/database/src/reset.ts');
    expect(await reset.nextLine()).toMatch('Removed .facet/postgres');
    expect(await reset.exitCode).toBe(0);
    const third = own();
    await expect(query((await said(third)).url, 'select * from kept')).rejects.toThrow('does not exist');
  });

  test('is kept by a reset that is asked for help, or for what it does not know', async () => {
    const first = own();
    await query((await said(first)).url, 'create table kept (n int)');
    await stop(first);
    const helped = run('tools/database/src/reset.ts', { args: ['--help'] });
    expect(await helped.nextLine()).toBe('npm run db:reset');
    expect(await helped.exitCode).toBe(0);
    for (const args of [['--dry-run'], ['catalog']]) {
      const refused = run('tools/database/src/reset.ts', { args });
      expect(await refused.nextLine()).toMatch(/^Nothing was removed\. .*(--dry-run|catalog)/);
      expect(await refused.exitCode).toBe(1);
    }
    expect(await query((await said(own())).url, 'select * from kept')).toEqual([]);
  });

  test('has nothing to reset before its first start', async () => {
    const reset = run('tools/database/src/reset.ts');
    expect(await reset.nextLine()).toBe('There is nothing to remove; the next start seeds it anew.');
    expect(await reset.exitCode).toBe(0);
  });

  test('ends when its owner is killed with -9, and the next start finds its data', async () => {
    const owner = own();
    const { url } = await said(owner);
    await query(url, 'create table kept (n int)');
    owner.child.kill('SIGKILL');
    await gone(url);
    const next = await said(own());
    expect(await query(next.url, 'select * from kept')).toEqual([]);
  });

  onLinux(
    `that was left behind, its watcher killed as well, is ended by the next start${process.platform === 'linux' ? '' : ' (skipped: no Linux)'}`,
    async () => {
      const owner = own();
      const { pid } = await said(owner);
      const [watcher] = childrenOf(owner.child.pid ?? 0).filter((child) => child !== pid);
      expect(watcher).toBeDefined();
      process.kill(watcher ?? 0, 'SIGKILL');
      owner.child.kill('SIGKILL');
      await owner.exitCode;
      expect(isAlive(pid)).toBe(true);
      const next = await said(own());
      expect(next.failed).toBeUndefined();
      expect(await query(next.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    },
  );

  test('recovers when the server itself was killed with -9', async () => {
    const owner = own();
    const { url, pid } = await said(owner);
    await query(url, 'create table kept (n int)');
    await query(url, 'checkpoint');
    process.kill(pid, 'SIGKILL');
    await gone(url);
    await stop(owner);
    const next = await said(own());
    expect(await query(next.url, 'select * from kept')).toEqual([]);
  });

  test('runs once: a second start and a reset are refused in one line that names who runs it', async () => {
    const owner = own();
    const { url, pid } = await said(owner);
    const second = await said(own());
    const line = `PostgreSQL runs already (process ${pid}, port ${port}, started by process ${owner.child.pid})`;
    expect(second.failed).toContain(line);
    const reset = run('tools/database/src/reset.ts');
    expect(await reset.nextLine()).toContain(`Nothing was removed. The workspace's ${line}`);
    expect(await reset.exitCode).toBe(1);
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('started twice at the very same time for the first time starts once', async () => {
    const both = await Promise.all([said(own()), said(own())]);
    expect(both.filter(({ failed }) => failed === undefined)).toHaveLength(1);
    expect(both.find(({ failed }) => failed !== undefined)?.failed).toMatch(/runs already|is taken/);
    const clusters = readdirSync(join(workspace.root, '.facet')).filter((name) => name.includes('postgres'));
    expect(clusters).toEqual(['postgres']);
  });

  test('says which port is taken and what to set', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const { failed } = await said(own());
    server.close();
    expect(failed).toBe(
      `Port ${port} of 127.0.0.1 is taken, so PostgreSQL cannot start on it: set DATABASE_PORT to a free one, or DATABASE_URL to a server of your own`,
    );
  });

  test('refuses a port that is none', async () => {
    const { failed } = await said(own({ env: { DATABASE_PORT: 'many' } }));
    expect(failed).toBe('DATABASE_PORT is "many", expected a port number from 1 to 65535');
  });

  test('leaves a server of one’s own alone when asked to reset', async () => {
    const reset = run('tools/database/src/reset.ts', { env: { DATABASE_URL: 'postgres://127.0.0.1:1/x' } });
    expect(await reset.nextLine()).toContain('DATABASE_URL names a server of your own');
    expect(await reset.exitCode).toBe(1);
  });

  asRoot(
    `runs for an ordinary user as that user${process.getuid?.() === 0 ? '' : ' (skipped: not root)'}`,
    async () => {
      const { uid, gid } = serverAccount() ?? { uid: 0, gid: 0 };
      chownSync(workspace.root, uid, gid);
      const { url, failed } = await said(own({ uid, gid }));
      expect(failed).toBeUndefined();
      expect(statSync(join(workspace.root, '.facet')).uid).toBe(uid);
      expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    },
  );
});

describe('in a folder that only root may enter', () => {
  beforeEach(() => {
    workspace = copyWorkspace({ mode: 0o700, withBinaries: true });
  });

  asRoot(
    `PostgreSQL and its data are kept where the server can reach them${process.getuid?.() === 0 ? '' : ' (skipped: not root)'}`,
    async () => {
      const { url, failed } = await said(own());
      expect(failed).toBeUndefined();
      const [row] = (await query(url, 'show data_directory')) as { data_directory: string }[];
      expect(row?.data_directory.startsWith(workspace.root)).toBe(false);
      expect(existsSync(join(workspace.root, '.facet', 'postgres'))).toBe(false);
      expect(findServer(clusterAt(join(row?.data_directory ?? '', '..')))?.port).toBe(port);
    },
  );
});

/** As Linux tells it: the parent is the second field after the name in brackets. */
function childrenOf(pid: number): number[] {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return processes.map(Number).filter((child) => parentOf(child) === pid);
}

function parentOf(pid: number): number {
  const stat = readIfThere(`/proc/${pid}/stat`) ?? '';
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}
