import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '@facet/platform';

/** How long `/health/ready` waits for one of them once the gateway has been ready, in milliseconds. */
const LOOK_MS = 1_000;

/**
 * What a gateway needs itself, a session store: it says that it is ready once it has seen each of them, and stays ready when
 * one goes away later. All instances share it, so that all would leave the balancer at the same time, with the routes that do
 * without it; those that cannot say so themselves, with 503. What is away is shown.
 */
export class OwnDependencies {
  readonly checks: Readonly<Record<string, Check>>;
  readonly #unseen: Set<string>;
  readonly #away = new Set<string>();

  constructor(checks: Readonly<Record<string, Check>> = {}) {
    this.#unseen = new Set(Object.keys(checks));
    this.checks = Object.fromEntries(
      Object.entries(checks).map(([name, check]) => [name, () => this.#look(name, check)]),
    );
  }

  /** `{ away: ['sessions'] }`, or nothing where all are there. */
  shown(): { readonly away?: readonly string[] } {
    return this.#away.size === 0 ? {} : { away: [...this.#away] };
  }

  async #look(name: string, check: Check): Promise<void> {
    if (this.#unseen.size > 0) {
      await check();
      this.#unseen.delete(name);
      return;
    }
    const isThere = await Promise.race([isFulfilled(check), sleep(LOOK_MS, false, { ref: false })]);
    if (isThere) this.#away.delete(name);
    else this.#away.add(name);
  }
}

async function isFulfilled(check: Check): Promise<boolean> {
  try {
    await check();
    return true;
  } catch {
    return false;
  }
}
