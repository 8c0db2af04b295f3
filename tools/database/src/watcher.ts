import { spawn } from 'node:child_process';

/**
 * Waits for the end of its standard input, which comes when the owner is gone, and then ends the server ($1)
 * as the owner would have: fast, then at once; and removes the folder ($2) where one is named.
 */
const SCRIPT = `
trap '' INT TERM HUP
read -r _
kill -INT "$1" 2>/dev/null
tries=0
while kill -0 "$1" 2>/dev/null && [ "$tries" -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
kill -QUIT "$1" 2>/dev/null
[ -z "$2" ] || rm -rf "$2"
`;

export interface Watcher {
  /** The server has ended in order: nothing is left to watch. */
  release(): void;
}

/**
 * Sees to it that a server never outlives this process, not even when this process is killed with -9: a
 * shell of a megabyte holds the other end of a pipe. Windows has no such shell; there the next start ends a
 * server that was left behind.
 */
export function watchOver(serverPid: number, folder: string | undefined): Watcher {
  if (process.platform === 'win32') return { release: () => undefined };
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'facet-database-watcher', String(serverPid), folder ?? ''], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  child.unref();
  // A pipe is a net.Socket underneath, whose handle must not keep this process running.
  const { stdin } = child as { stdin: { unref?(): void } | null };
  stdin?.unref?.();
  return { release: () => child.kill('SIGKILL') };
}
