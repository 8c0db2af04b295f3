import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';

/** The operating-system user that the server runs as, where that is not simply the current one. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const UNPRIVILEGED = 'nobody';

/**
 * PostgreSQL refuses to run as root. Root therefore lends it `nobody`, which every Unix has, so that no user
 * needs to be created on the machine; everybody else runs it as themselves (undefined).
 */
export function serverAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  try {
    const id = (flag: string): number =>
      Number(execFileSync('id', [flag, UNPRIVILEGED], { encoding: 'utf8' }));
    return { name: UNPRIVILEGED, uid: id('-u'), gid: id('-g') };
  } catch (cause) {
    const message = `PostgreSQL does not run as root and this machine has no user "${UNPRIVILEGED}" to run it as: start as an ordinary user, or set DATABASE_URL`;
    throw new Error(message, { cause });
  }
}

/** Whether the server can enter the folder: root's own folders (0700) are closed to `nobody`. */
export function canEnter(account: Account | undefined, folder: string): boolean {
  if (account === undefined) return isAccessible(folder);
  const { uid, gid } = account;
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { uid, gid, stdio: 'ignore' }).status === 0;
}

function isAccessible(folder: string): boolean {
  try {
    accessSync(folder, constants.R_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
