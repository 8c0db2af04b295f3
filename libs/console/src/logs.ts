import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** A line that a process of the workspace has logged for a request. */
export interface ProcessLine {
  readonly process: string;
  readonly level: string;
  /** Milliseconds since 1970; absent where the line does not say. */
  readonly at?: number;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** So much of the end of each file is looked through. */
const TAIL_BYTES = 512 * 1024;
const MOST_LINES = 200;

const line = z.looseObject({
  level: z.string(),
  time: z.string().optional(),
  msg: z.string().optional(),
});

/** What the processes that `npm start` runs have logged for a trace: read from their files when somebody asks, oldest first. */
export async function linesOfTrace(folder: string, traceId: string): Promise<readonly ProcessLine[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.log'));
  const found = await Promise.all(
    names.map(async (name) => {
      const text = await tailOf(join(folder, name));
      const lines = text.split('\n').filter((each) => each.includes(traceId));
      return lines.flatMap((each) => parse(name.replace(/\.log$/, ''), each));
    }),
  );
  return found
    .flat()
    .sort((one, other) => (one.at ?? 0) - (other.at ?? 0))
    .slice(-MOST_LINES);
}

async function tailOf(file: string): Promise<string> {
  try {
    await using handle = await open(file);
    const { size } = await handle.stat();
    const start = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    return '';
  }
}

function parse(process: string, text: string): ProcessLine[] {
  const { success, data } = line.safeParse(jsonOf(text));
  if (!success) return [{ process, level: '', message: plain(text), fields: {} }];
  const { level, time, msg = '', name: _name, pid: _pid, traceId: _traceId, ...fields } = data;
  const at = Date.parse(time ?? '');
  return [{ process, level, message: msg, fields, ...(Number.isNaN(at) ? {} : { at }) }];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a terminal would take for colours is taken out, and what is very long is cut. */
function plain(text: string): string {
  // eslint-disable-next-line no-control-regex -- that is what is taken out
  return text.replace(/\u001b\[[\d;]*m/g, '').slice(0, 2_000);
}
