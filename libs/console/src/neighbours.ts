import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { NeighbourView } from './view.js';

const entry = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]{1,64}$/),
  pid: z.int().positive(),
  /** Only this machine's: what stands here becomes a link, and is asked whether it lives. */
  admin: z.string().regex(/^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):\d{1,5}$/),
});
type Entry = z.output<typeof entry>;

const ANSWER_WITHIN_MS = 500;

/** The gateways of the workspace that run on this machine: each leaves a small file beside the others'. */
export class Neighbours {
  readonly #folder: string;
  readonly #name: string;
  #own: string | undefined;

  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#name = name;
  }

  async announce(admin: string): Promise<void> {
    const own: Entry = { name: this.#name, pid: process.pid, admin };
    if (!entry.safeParse(own).success) return;
    await mkdir(this.#folder, { recursive: true });
    this.#own = join(this.#folder, `${this.#name}.${process.pid}.json`);
    await writeFile(this.#own, JSON.stringify(own), { mode: 0o600 });
  }

  async leave(): Promise<void> {
    if (this.#own !== undefined) await rm(this.#own, { force: true });
  }

  /** Every gateway that is announced and whose process lives, this one too, by name. */
  async list(): Promise<readonly NeighbourView[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const entries = await Promise.all(names.map((name) => this.#read(name)));
    const alive = entries.filter((each) => each !== undefined).sort((a, b) => a.name.localeCompare(b.name));
    return Promise.all(
      alive.map(async ({ name, admin }) => ({
        name,
        console: `${admin.replace('127.0.0.1', 'localhost')}/console`,
        isUp: await isReady(admin),
      })),
    );
  }

  async #read(name: string): Promise<Entry | undefined> {
    const file = join(this.#folder, name);
    try {
      const read = entry.parse(JSON.parse(await readFile(file, 'utf8')));
      process.kill(read.pid, 0);
      return read;
    } catch (error) {
      // One that was killed could not take its file away.
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') await rm(file, { force: true });
      return undefined;
    }
  }
}

async function isReady(admin: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const response = await fetch(`${admin}/health/ready`, { signal, redirect: 'error' });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
