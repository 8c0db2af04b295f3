import { z } from 'zod';
import { text } from './common.js';
import { query, type Operation } from './operation.js';

/** A moment in the life of a service's data. Opaque to its receiver. */
const place = text(4_000).min(1);

const input = z.strictObject({ since: place.optional() });
const output = z.strictObject({
  /** The tags of the answers that are not what they were; each at least once. */
  tags: z.array(z.string()),
  /** Where to go on from. */
  next: place,
  /** Whether more may have changed than is known here: since too long ago, or with no `since` at all. */
  reset: z.boolean(),
});

/** What tells a gateway which kept answers of a service are not true any more. */
export type ChangesQuery = Operation<typeof input, typeof output, 'query'>;

const known = new Map<string, ChangesQuery>();

/**
 * The query `<service>.answer-changes`, which every service of ours answers whose contract tags its answers. Asking
 * again with `next` never misses a change, whichever instance is asked.
 */
export function changesOf(service: string): ChangesQuery {
  const operation = known.get(service) ?? made(service);
  known.set(service, operation);
  return operation;
}

function made(service: string): ChangesQuery {
  const name = 'answer-changes';
  const definition = query({
    summary: 'Which answers have changed since a moment',
    access: { gatewayOnly: true },
    input,
    output,
  });
  return Object.freeze({ ...definition, service, name, pattern: `${service}.${name}` });
}

/** Whether answers of a contract are outdated by tags, so that its service has to tell of changes. */
export function tellsOfChanges(contract: Readonly<Record<string, Operation>>): boolean {
  return Object.values(contract).some(({ freshness }) => (freshness?.tags ?? []).length > 0);
}
