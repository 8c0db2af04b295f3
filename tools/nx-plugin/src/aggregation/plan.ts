import { Refusal } from '../refusal.js';
import type { Contracts, Operation } from '../workspace.js';
import { jsonSchemaOf, sampleOf } from './sample.js';

/** One part of an aggregation to be. */
export interface Part {
  readonly name: string;
  readonly operation: Operation;
  readonly isRequired: boolean;
  /** The parts that its input is made from. */
  readonly needs: readonly string[];
  /** Its input, as a function in TypeScript. */
  readonly input: string;
  /** What stands for it where it is missing, in TypeScript. */
  readonly byDefault?: string;
  readonly sample: unknown;
}

/** A field of the request that a part's input is made from. */
export interface Field {
  readonly name: string;
  /** Of a service's contract, its schema in TypeScript: `reviews.input.shape.productId`. */
  readonly service: string;
  readonly schema: string;
  readonly isText: boolean;
  readonly sample: unknown;
}

export interface Plan {
  readonly parts: readonly Part[];
  readonly fields: readonly Field[];
  /** The scopes that its caller needs; undefined where everybody may ask. */
  readonly scopes?: readonly string[];
  /** Whether it answers with what a customer owns. */
  readonly isOwn: boolean;
}

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
    const [service = '', name = '', ...rest] = part.replace('?', '').split('.');
    const operations = contracts[service];
    if (operations === undefined)
      throw new Refusal(`there is no service "${service}"; there are ${namesIn(contracts)}`);
    const operation = operations[name];
    if (operation === undefined || rest.length > 0) {
      throw new Refusal(
        `${service} has no operation "${name}"; its queries are ${namesIn(queriesOf(operations))}`,
      );
    }
    return { operation, isRequired };
  });
  if (wanted.length === 0) throw new Refusal('say which parts: --parts=catalog.products,inventory.levels?');
  return wanted;
}

export const listOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');

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
  const left = services.map((service) => {
    const operations = contracts[service];
    if (operations === undefined)
      throw new Refusal(`there is no service "${service}"; there are ${namesIn(contracts)}`);
    return {
      service,
      operations: Object.values(queriesOf(operations)).filter((each) => !isForOperators(each)),
    };
  });
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

const isForOperators = ({ access }: Operation): boolean =>
  access?.gatewayOnly === true || (access?.roles ?? []).length > 0;

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

function requiredOf({ input }: Operation): readonly string[] {
  return jsonSchemaOf(input, 'input').required ?? [];
}

/**
 * @throws Refusal for a part that cannot be one
 */
export function planOf(wanted: readonly Wanted[]): Plan {
  const parts: Part[] = [];
  const fields = new Map<string, Field>();
  for (const { operation, isRequired } of wanted) {
    if (operation.kind === 'command') {
      throw new Refusal(
        `${operation.pattern} is a command: parts are queries; what changes something is a saga`,
      );
    }
    if (isForOperators(operation)) throw new Refusal(`${operation.pattern} is not for clients`);
    const name = freeName(operation, parts);
    const { needs, input } = inputOf(operation, parts, fields);
    const byDefault = isRequired ? undefined : emptyOf(operation);
    const sample = sampleOf(operation);
    parts.push({
      name,
      operation,
      isRequired,
      needs,
      input,
      sample,
      ...(byDefault === undefined ? {} : { byDefault }),
    });
  }
  const closed = parts.filter(({ operation }) => operation.access !== undefined);
  return {
    parts,
    fields: [...fields.values()],
    isOwn: closed.some(({ operation }) => operation.access?.owner !== undefined),
    ...(closed.length === 0
      ? {}
      : { scopes: [...new Set(closed.flatMap(({ operation }) => operation.access?.scopes ?? []))] }),
  };
}

function freeName({ name, service }: Operation, parts: readonly Part[]): string {
  const isTaken = (candidate: string) => parts.some((part) => part.name === candidate);
  if (!isTaken(name)) return name;
  const longer = service + name.charAt(0).toUpperCase() + name.slice(1);
  if (!isTaken(longer)) return longer;
  throw new Refusal(`${service}.${name} is there twice`);
}

function inputOf(
  operation: Operation,
  parts: readonly Part[],
  fields: Map<string, Field>,
): Pick<Part, 'needs' | 'input'> {
  const { byIds, access } = operation;
  const given = parts.filter(({ isRequired, byDefault }) => isRequired || byDefault !== undefined);
  const source = sourceOf(
    operation,
    given.map((part) => part.operation),
  );
  const from = given.find((part) => part.operation === source?.operation);
  const needs: string[] = [];
  const values: string[] = [];
  const reads = new Set<string>();
  for (const field of requiredOf(operation)) {
    if (field === access?.owner) {
      reads.add('caller');
      values.push(`${field}: ownCustomer(caller)`);
    } else if (field === byIds?.ids && source !== undefined && from !== undefined) {
      needs.push(from.name);
      reads.add(from.name);
      values.push(`${field}: ${from.name}.${source.list}.map((item) => item.${source.id})`);
    } else {
      reads.add('input');
      fields.set(field, fields.get(field) ?? fieldOf(operation, field));
      values.push(`${field}: input.${field}`);
    }
  }
  const args = reads.size === 0 ? '' : `{ ${[...reads].join(', ')} }`;
  return { needs, input: `(${args}) => (${values.length === 0 ? '{}' : `{ ${values.join(', ')} }`})` };
}

function fieldOf({ service, name, input }: Operation, field: string): Field {
  const schema = jsonSchemaOf(input, 'input').properties?.[field];
  const isText = schema?.type === 'string';
  const sample = isText ? 'sample-1' : schema?.type === 'array' ? ['sample-1'] : 1;
  return { name: field, service, schema: `${name}.input.shape.${field}`, isText, sample };
}

interface IdSource {
  readonly operation: Operation;
  /** The list in its answer. */
  readonly list: string;
  /** The field of an item. */
  readonly id: string;
}

/** Where ids come from that a query by ids is asked with: the first list of things with an id among what is asked before. */
function sourceOf({ byIds }: Operation, before: readonly Operation[]): IdSource | undefined {
  if (byIds === undefined) return undefined;
  for (const operation of before) {
    const lists = Object.entries(jsonSchemaOf(operation.output, 'output').properties ?? {});
    for (const [list, { items }] of lists) {
      const found = Object.keys(items?.properties ?? {});
      // What a customer owns has ids of its own: those of orders are not those of products.
      const names = operation.access?.owner === undefined ? ['productId', byIds.key] : ['productId'];
      const id = names.find((name) => found.includes(name));
      if (id !== undefined) return { operation, list, id };
    }
  }
  return undefined;
}

/** An empty list, where an operation may answer with one. */
function emptyOf({ output }: Operation): string | undefined {
  return output.safeParse({ items: [] }).success ? '{ items: [] }' : undefined;
}
