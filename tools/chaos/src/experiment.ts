/** What an experiment has seen, in words with figures, and whether the promise held. */
export interface Finding {
  readonly seen: string;
  readonly held: boolean;
}

/** Something is broken on purpose while real processes are under load. */
export interface Experiment {
  readonly name: string;
  readonly promise: string;
  /** Why it cannot run on this machine, if it cannot. */
  readonly skipped?: string;
  run(): Promise<Finding>;
}

/** What is let go of when an experiment is over, the last first, however it ended. */
export class Cleanup {
  readonly #stops: (() => unknown)[] = [];

  add<T extends { stop(): unknown }>(thing: T): T {
    this.#stops.push(() => thing.stop());
    return thing;
  }

  async run(): Promise<void> {
    for (const stop of this.#stops.splice(0).reverse()) await stop();
  }
}

/** An experiment whose processes are ended when it is over. */
export function experiment(
  about: Omit<Experiment, 'run'>,
  run: (cleanup: Cleanup) => Promise<Finding>,
): Experiment {
  return {
    ...about,
    async run() {
      const cleanup = new Cleanup();
      try {
        return await run(cleanup);
      } finally {
        await cleanup.run();
      }
    },
  };
}
