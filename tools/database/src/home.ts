import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canEnter, type Account } from './account.js';

/** The workspace: where this package is installed, else the one that it is a part of. */
export const workspaceRoot = rootOf(fileURLToPath(import.meta.url));

function rootOf(file: string): string {
  const [above = '', ...inside] = file.split(`${sep}node_modules${sep}`);
  return inside.length > 0 ? above : join(dirname(file), '../../..');
}

/**
 * The folder under which clusters are kept: `.facet` in the workspace, or, where the server's account cannot
 * enter the workspace (a clone in /root), a folder of ours among the temporary ones.
 */
export function databaseHome(account: Account | undefined): string {
  const inWorkspace = join(workspaceRoot, '.facet');
  mkdirSync(inWorkspace, { recursive: true });
  return canEnter(account, inWorkspace) ? inWorkspace : enterableFolder(account, workspaceRoot);
}

/**
 * A folder that the account can enter, always the same for the same key. Temporary folders are shared with
 * every user of the machine, so one that somebody else could have prepared is refused.
 */
export function enterableFolder(account: Account | undefined, key: string): string {
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 12);
  const folder = join(tmpdir(), `facet-${process.getuid?.() ?? 'user'}-${hash}`);
  mkdirSync(folder, { recursive: true });
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== (process.getuid?.() ?? found.uid) || (found.mode & 0o022) !== 0) {
    throw new Error(
      `${folder} is not a folder that only this user can write to: remove it, or set DATABASE_URL`,
    );
  }
  chmodSync(folder, 0o755);
  if (canEnter(account, folder)) return folder;
  throw new Error(
    `PostgreSQL runs as "${account?.name}", which can enter neither ${key} nor ${folder}: set TMPDIR to a folder it can enter, or set DATABASE_URL`,
  );
}
