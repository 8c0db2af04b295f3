import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RequestDetail } from './view.js';

const MOST_KEPT = 300;
const MOST_BYTES = 8 * 1024 * 1024;

/** The last requests in a file, one a line, so that one from before a restart can be compared with one after. */
export class History {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** Nothing where there is no file, or one that does not fit. */
  async load(): Promise<readonly RequestDetail[]> {
    try {
      const text = await readFile(this.#file, 'utf8');
      return text
        .split('\n')
        .filter((line) => line !== '')
        .flatMap(parse);
    } catch {
      return [];
    }
  }

  /** Writes it anew, whole or not at all. */
  async save(details: readonly RequestDetail[]): Promise<void> {
    let lines = details.slice(-MOST_KEPT).map((detail) => JSON.stringify(detail));
    while (lines.reduce((sum, { length }) => sum + length, 0) > MOST_BYTES) {
      lines = lines.slice(Math.ceil(lines.length / 2));
    }
    await mkdir(dirname(this.#file), { recursive: true });
    const draft = `${this.#file}.${process.pid}`;
    await writeFile(draft, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
    await rename(draft, this.#file);
  }
}

function parse(line: string): RequestDetail[] {
  try {
    const value = JSON.parse(line) as Partial<RequestDetail> | null;
    const isDetail = typeof value?.summary?.id === 'string' && Array.isArray(value.record?.calls);
    return isDetail ? [value as RequestDetail] : [];
  } catch {
    return [];
  }
}
