import { Refusal } from '../refusal.js';
import type { Contracts, Operation } from '../workspace.js';
import { scopesOf } from './access.js';
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
  if (wanted.length === 0) throw new Refusal('say which parts: --parts=catalog.products,inventory.levels?');
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

/** A part before it is known what its fields are called among those of the others. */
interface Draft extends Omit<Part, 'needs' | 'input'> {
  readonly inputs: readonly Input[];
}

/** A field of an operation's input, and where its value comes from. */
interface Input {
  readonly field: string;
  readonly from: 'caller' | 'request' | { readonly part: string; readonly list: string; readonly id: string };
}

/**
 * Where callers bring keys, `canHave` says which scopes those can be good for.
 *
 * @throws Refusal for a part that cannot be one
 */
export function planOf(wanted: readonly Wanted[], canHave?: readonly string[]): Plan {
  const drafts: Draft[] = [];
  for (const each of wanted) drafts.push(draftOf(each, drafts));
  const operations = drafts.map(({ operation }) => operation);
  const scopes = scopesOf(operations, canHave);
  return {
    parts: drafts.map((draft) => partOf(draft, drafts)),
    fields: fieldsOf(drafts),
    isOwn: operations.some(({ access }) => access?.owner !== undefined),
    ...(scopes === undefined ? {} : { scopes }),
  };
}

function draftOf({ operation, isRequired }: Wanted, before: readonly Draft[]): Draft {
  if (operation.kind === 'command') {
    throw new Refusal(
      `${operation.pattern} is a command: parts are queries; what changes something is a saga`,
    );
  }
  if (isForOperators(operation)) throw new Refusal(`${operation.pattern} is not for clients`);
  const name = freeName(operation, before);
  const inputs = inputsOf(operation, before);
  const byDefault = isRequired ? undefined : emptyOf(operation);
  const sample = sampleOf(operation);
  return {
    ...{ name, operation, isRequired, inputs, sample },
    ...(byDefault === undefined ? {} : { byDefault }),
  };
}

function freeName(operation: Operation, before: readonly Draft[]): string {
  const { name, service, pattern } = operation;
  if (before.some((draft) => draft.operation === operation)) throw new Refusal(`${pattern} is there twice`);
  const isTaken = (candidate: string) => before.some((draft) => draft.name === candidate);
  if (!isTaken(name)) return name;
  const longer = service + capital(name);
  if (!isTaken(longer)) return longer;
  throw new Refusal(`${pattern} has the name of another part`);
}

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

function inputsOf(operation: Operation, before: readonly Draft[]): readonly Input[] {
  const { byIds, access } = operation;
  const given = before.filter(({ isRequired, byDefault }) => isRequired || byDefault !== undefined);
  const source = sourceOf(
    operation,
    given.map((draft) => draft.operation),
  );
  const from = given.find((draft) => draft.operation === source?.operation);
  return requiredOf(operation).map((field): Input => {
    if (field === access?.owner) return { field, from: 'caller' };
    if (field !== byIds?.ids || source === undefined || from === undefined) return { field, from: 'request' };
    return { field, from: { part: from.name, list: source.list, id: source.id } };
  });
}

function partOf(draft: Draft, drafts: readonly Draft[]): Part {
  const { inputs, ...rest } = draft;
  const needs: string[] = [];
  const reads = new Set<string>();
  const values = inputs.map(({ field, from }) => {
    if (from === 'caller') {
      reads.add('caller');
      return `${field}: ownCustomer(caller)`;
    }
    if (from === 'request') {
      reads.add('input');
      return `${field}: input.${fieldName(draft, field, drafts)}`;
    }
    needs.push(from.part);
    reads.add(from.part);
    return `${field}: ${from.part}.${from.list}.map((item) => item.${from.id})`;
  });
  const args = reads.size === 0 ? '' : `{ ${[...reads].join(', ')} }`;
  const input = `(${args}) => (${values.length === 0 ? '{}' : `{ ${values.join(', ')} }`})`;
  return { ...rest, needs, input };
}

/**
 * `id` is something else for each operation that asks for one: of two they are `orderId` and `paymentId`. A field that
 * says of what it is, such as `productId`, is the same for all.
 */
function fieldName(draft: Draft, field: string, drafts: readonly Draft[]): string {
  const isAsked = ({ inputs }: Draft) =>
    inputs.some((each) => each.from === 'request' && each.field === field);
  const saysOfWhat = /[a-z]Ids?$/.test(field);
  return saysOfWhat || drafts.filter(isAsked).length === 1 ? field : draft.name + capital(field);
}

function fieldsOf(drafts: readonly Draft[]): readonly Field[] {
  const fields = new Map<string, Field>();
  for (const draft of drafts) {
    for (const { field, from } of draft.inputs) {
      const name = fieldName(draft, field, drafts);
      if (from === 'request' && !fields.has(name))
        fields.set(name, { name, ...fieldOf(draft.operation, field) });
    }
  }
  return [...fields.values()];
}

function fieldOf({ service, name, input }: Operation, field: string): Omit<Field, 'name'> {
  const schema = jsonSchemaOf(input, 'input').properties?.[field];
  const isText = schema?.type === 'string';
  const sample = isText ? 'sample-1' : schema?.type === 'array' ? ['sample-1'] : 1;
  return { service, schema: `${name}.input.shape.${field}`, isText, sample };
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
