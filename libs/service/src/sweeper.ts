import type { Logger } from '@facet/platform';
import { describeDatabaseError } from './database/faults.js';

/** Something that has to be tidied up now and then: a provider of the service's module. */
export interface Sweeps {
  sweep(): Promise<void>;
}

export interface SweeperOptions {
  readonly sweeps: readonly Sweeps[];
  readonly everyMs: number;
  readonly logger: Logger;
}

/** Sweeps one after the other, never two at once, and waits between two rounds. Returns what ends it. */
export function startSweeper({ sweeps, everyMs, logger }: SweeperOptions): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let round = Promise.resolve();
  const plan = () => {
    if (!stopped && sweeps.length > 0) timer = setTimeout(() => void (round = run().then(plan)), everyMs);
  };
  const run = async () => {
    for (const each of sweeps) {
      await each.sweep().catch((error: unknown) => {
        logger.warn({ err: describeDatabaseError(error) ?? error }, 'sweeping failed');
      });
    }
  };
  plan();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await round;
  };
}
