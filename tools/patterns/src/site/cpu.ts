import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of CPU that these processes and their children have taken; undefined where the system does not say. */
export function cpuMs(pids: readonly number[]): number | undefined {
  if (!existsSync('/proc/self/stat')) return undefined;
  const all = new Map(processes().map((each) => [each.pid, each]));
  const wanted = [...all.values()].filter((each) => descends(each, pids, all));
  // Ticks of 10 ms, on every Linux that there is.
  return wanted.reduce((sum, { ticks }) => sum + ticks * 10, 0);
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
}

function descends(each: Process, pids: readonly number[], all: ReadonlyMap<number, Process>): boolean {
  for (let at: Process | undefined = each; at !== undefined; at = all.get(at.parent)) {
    if (pids.includes(at.pid)) return true;
  }
  return false;
}

function processes(): readonly Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const text = readFileSync(`/proc/${name}/stat`, 'utf8');
        // The name in brackets may have blanks.
        const fields = text
          .slice(text.lastIndexOf(')') + 2)
          .split(' ')
          .map(Number);
        return [{ pid: Number(name), parent: fields[1] ?? 0, ticks: (fields[11] ?? 0) + (fields[12] ?? 0) }];
      } catch {
        return [];
      }
    });
}

/** The PostgreSQL server that listens on this port; undefined where it is not found. */
export function postgresPid(port: string): number | undefined {
  if (!existsSync('/proc/self/stat')) return undefined;
  return processes().find(({ pid }) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return /postgres$/.test(words[0] ?? '') && words.includes(port);
    } catch {
      return false;
    }
  })?.pid;
}
