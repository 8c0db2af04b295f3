import { setTimeout as sleep } from 'node:timers/promises';
import { addressesVariable } from './apps.js';
import type { Started } from './summary.js';

/** How long gateways are given to find what has just been started, in milliseconds. */
const PATIENCE_MS = 5_000;

/** One line for each service that a gateway does not reach, with why and with what tells it where the service is. */
export async function unreached(started: readonly Started[]): Promise<readonly string[]> {
  const gateways = started.filter(({ app }) => app.kind === 'gateway');
  const lines = await Promise.all(gateways.map((gateway) => unreachedBy(gateway)));
  return lines.flat();
}

async function unreachedBy({ app, addresses }: Started): Promise<readonly string[]> {
  const until = performance.now() + PATIENCE_MS;
  let missing = await missingAt(addresses['admin']);
  while (missing.length > 0 && performance.now() < until) {
    await sleep(100);
    missing = await missingAt(addresses['admin']);
  }
  return missing.map(
    ({ name, state }) =>
      `${app.name} does not reach ${name} (${state}): is ${addressesVariable(name)} where it is?`,
  );
}

interface Missing {
  readonly name: string;
  readonly state: string;
}

/** The services that a gateway calls and that are not there for it: `/health/ready` shows them beside its own word. */
async function missingAt(admin: string | undefined): Promise<readonly Missing[]> {
  if (admin === undefined) return [];
  try {
    const response = await fetch(`${admin}/health/ready`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const { services = {} } = (await response.json()) as { services?: Record<string, { state: string }> };
    return Object.entries(services)
      .filter(([, { state }]) => state !== 'up' && state !== 'degraded')
      .map(([name, { state }]) => ({ name, state }));
  } catch {
    return [];
  }
}
