import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import pc from 'picocolors';
import { workspaceRoot } from './apps.js';

/** Where the whole output of each process is kept, anew at each start. */
export const logFolder = join(workspaceRoot, '.facet', 'logs');

const SHOWN_LEVELS = ['warn', 'error', 'fatal'];

export function openLog(app: string): WriteStream {
  mkdirSync(logFolder, { recursive: true });
  return createWriteStream(join(logFolder, `${app}.log`));
}

/**
 * What of a process's output belongs on the screen while all goes well: warnings and worse, as one line; what is
 * no log record was meant for a reader and stays as it is. Undefined for the rest.
 */
export function worthShowing(line: string): string | undefined {
  if (line.trim() === '') return undefined;
  const record = parse(line);
  if (record === undefined) return line;
  const { level, msg } = record;
  if (typeof level !== 'string' || !SHOWN_LEVELS.includes(level)) return undefined;
  return `${level}: ${typeof msg === 'string' ? msg : 'see its log'}`;
}

const colours: Readonly<Record<string, (text: string) => string>> = {
  warn: pc.yellow,
  error: pc.red,
  fatal: pc.red,
};

/** A log record as people read it: time of day, level, message, then whatever else it says. */
export function prettyLine(line: string): string {
  const record = parse(line);
  if (record === undefined) return line;
  const { level, time, msg, name: _name, pid: _pid, hostname: _hostname, ...rest } = record;
  const word = String(level);
  const extra = Object.keys(rest).length === 0 ? '' : ` ${pc.dim(JSON.stringify(rest))}`;
  return `${pc.dim(String(time).slice(11, 19))} ${(colours[word] ?? pc.cyan)(word)} ${String(msg)}${extra}`;
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
