import { setTimeout as sleep } from 'node:timers/promises';

export interface EventuallyOptions {
  /** How long to keep trying, in milliseconds. Default 15,000: far more than it takes, as machines differ. */
  readonly withinMs?: number;
  /** The pause between two tries, in milliseconds. Default 25. */
  readonly everyMs?: number;
}

/**
 * Waits for a condition: calls `attempt` until it neither throws (an `expect` in it may fail) nor gives false or
 * undefined, and resolves with what it gave. When time is up it rejects with the last failure.
 */
export async function eventually<T>(
  attempt: () => T | Promise<T>,
  { withinMs = 15_000, everyMs = 25 }: EventuallyOptions = {},
): Promise<Exclude<T, false | undefined>> {
  const until = performance.now() + withinMs;
  for (;;) {
    const outcome = await tryOnce(attempt);
    if ('value' in outcome) return outcome.value;
    if (performance.now() >= until) throw outcome.failure;
    await sleep(everyMs);
  }
}

/** Like `eventually`, for an `attempt` whose only result is that it does not throw. */
export async function eventuallyPasses(
  attempt: () => unknown,
  options: EventuallyOptions = {},
): Promise<void> {
  await eventually(async () => {
    await attempt();
    return true;
  }, options);
}

type Outcome<T> = { readonly value: Exclude<T, false | undefined> } | { readonly failure: Error };

async function tryOnce<T>(attempt: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    const value = await attempt();
    if (value !== false && value !== undefined) return { value: value as Exclude<T, false | undefined> };
    return { failure: new Error(`the condition did not come true; it was ${String(value)} to the end`) };
  } catch (error) {
    return { failure: error instanceof Error ? error : new Error(String(error)) };
  }
}
