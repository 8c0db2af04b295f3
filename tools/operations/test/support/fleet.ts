import { startProcess, type AppProcess, type Env } from '@facet/testing';

/** Several instances of one app, which keep their ports. */
export class Fleet {
  #processes: AppProcess[] = [];
  #env: Env;

  private constructor(
    private readonly app: string,
    env: Env,
  ) {
    this.#env = env;
  }

  static async start(app: string, count: number, env: Env): Promise<Fleet> {
    const fleet = new Fleet(app, env);
    // The first one alone: it prepares the database.
    for (let index = 0; index < count; index += 1) fleet.#processes.push(await startProcess({ app, env }));
    return fleet;
  }

  /** `host:port` of each, as others are told them. */
  get places(): readonly string[] {
    return this.#processes.map(({ addresses }) => addresses['tcp'] ?? new URL(addresses['http'] ?? '').host);
  }

  get adminUrls(): readonly string[] {
    return this.#processes.map(({ addresses }) => addresses['admin'] ?? '');
  }

  /**
   * Replaces one after the other, with `env` added to what they had, and waits for `isBack` before the next: what an
   * orchestrator's rolling update does.
   */
  async roll(env: Env, isBack: () => Promise<unknown>): Promise<void> {
    this.#env = { ...this.#env, ...env };
    for (const [index, old] of this.#processes.entries()) {
      await old.stop();
      const { addresses } = old;
      const ports = {
        PORT: portOf(addresses['tcp'] ?? addresses['http']),
        ADMIN_PORT: portOf(addresses['admin']),
      };
      this.#processes[index] = await startProcess({ app: this.app, env: { ...this.#env, ...ports } });
      await isBack();
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#processes.map((each) => each.stop()));
  }
}

const portOf = (address = ''): string => /:(\d+)\/?$/.exec(address)?.[1] ?? '0';
