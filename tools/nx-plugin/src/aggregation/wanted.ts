import { Refusal } from '../refusal.js';
import type { Contracts, Operation } from '../workspace.js';
import { emptyOf, isForOperators, requiredOf, sourceOf } from './operations.js';
import { jsonSchemaOf } from './sample.js';

/** An operation that is wanted as a part. */
export interface Wanted {
  readonly operation: Operation;
  readonly isRequired: boolean;
}

/**
 * The parts that `catalog.products,inventory.levels?` names; a question mark makes one optional.
 *
 * @throws Refusal naming what is not there, or is no query
 */
export function wantedParts(contracts: Contracts, text: string): readonly Wanted[] {
  const wanted = listOf(text).map((part): Wanted => {
    const isRequired = !part.endsWith('?');
    const asked = isRequired ? part : part.slice(0, -1);
    if (asked.includes('?'))
      throw new Refusal(`"${part}" has a question mark that is not at its end, as in catalog.products?`);
    const [service = '', name = '', ...rest] = asked.split('.');
    const operations = operationsOf(contracts, service);
    const operation = ownOf(operations, name);
    if (operation === undefined || rest.length > 0) {
      throw new Refusal(
        `${service} has no operation "${name}"; its queries are ${namesIn(queriesOf(operations))}`,
      );
    }
    return { operation, isRequired };
  });
  if (wanted.length === 0) throw new Refusal('say which parts: --parts="catalog.products,inventory.levels?"');
  return wanted;
}

export const listOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');

function operationsOf(contracts: Contracts, service: string): Contracts[string] {
  const operations = ownOf(contracts, service);
  if (operations !== undefined) return operations;
  throw new Refusal(`there is no service "${service}"; there are ${namesIn(contracts)}`);
}

/** Not what every object has: `constructor` is the name of no service. */
function ownOf<T>(all: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(all, name) ? all[name] : undefined;
}

const namesIn = (of: object): string => Object.keys(of).join(', ');

function queriesOf(operations: Contracts[string]): Contracts[string] {
  return Object.fromEntries(Object.entries(operations).filter(([, { kind }]) => kind === 'query'));
}

/**
 * What a first screen can ask of each service: the operation that needs least, and of those the one that is made for it.
 * The first service is required, the others are not; one that can only be asked with a question has no part yet, nor has
 * one that is asked by ids where those would come from a part that may be missing.
 *
 * @throws Refusal where none of them has one
 */
export function firstParts(contracts: Contracts, services: readonly string[]): readonly Wanted[] {
  const found: Operation[] = [];
  const left = services.map((service) => ({
    service,
    operations: Object.values(queriesOf(operationsOf(contracts, service))).filter(
      (each) => !isForOperators(each),
    ),
  }));
  // Again and again, since one service's answer can be what another is asked by.
  for (let round = 0; round < services.length; round += 1) {
    for (const { service, operations } of left) {
      if (found.some((operation) => operation.service === service)) continue;
      const [best] = operations
        .filter((each) => needsNothing(each) || sourceOf(each, found.filter(isAlwaysThere)) !== undefined)
        .sort((a, b) => suitOf(b) - suitOf(a));
      if (best !== undefined) found.push(best);
    }
  }
  if (found.length === 0) {
    throw new Refusal(
      `${services.join(', ')} cannot be asked without a question: name one that can be, such as catalog, and add an aggregation for the others later`,
    );
  }
  return found.map((operation, index) => ({ operation, isRequired: index === 0 }));
}

/** Whether others can be asked with its ids: the first one is required, and those after it need something to stand for them. */
const isAlwaysThere = (operation: Operation, index: number): boolean =>
  index === 0 || emptyOf(operation) !== undefined;

function needsNothing(operation: Operation): boolean {
  return requiredOf(operation).every((field) => field === operation.access?.owner);
}

function suitOf({ name, input, freshness, byIds, access }: Operation): number {
  const fields = Object.keys(jsonSchemaOf(input, 'input').properties ?? {});
  const lists = name === 'list' ? 3 : 0;
  const pages = fields.includes('limit') ? 2 : fields.includes('page') ? 1 : 0;
  const walks = fields.some((field) => ['cursor', 'since'].includes(field)) ? -5 : 0;
  return (
    (freshness === undefined ? 0 : 3) +
    lists +
    pages +
    walks -
    (byIds === undefined ? 0 : 1) -
    (access === undefined ? 0 : 1)
  );
}
