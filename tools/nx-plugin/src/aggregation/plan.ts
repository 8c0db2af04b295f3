import { Refusal } from '../refusal.js';
import type { Operation } from '../workspace.js';
import { scopesOf } from './access.js';
import { emptyOf, idFieldOf, isForOperators, requiredOf, sourceOf, type IdField } from './operations.js';
import { dotted, keyed } from '../names.js';
import { jsonSchemaOf, sampleOf, sampleOfField } from './sample.js';
import type { Wanted } from './wanted.js';

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
  /** Of what it is an id, or has ids. */
  readonly id?: IdField;
}

export interface Plan {
  readonly parts: readonly Part[];
  readonly fields: readonly Field[];
  /** The scopes that its caller needs; undefined where everybody may ask. */
  readonly scopes?: readonly string[];
  /** Whether it answers with what a customer owns. */
  readonly isOwn: boolean;
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
    isOwn: operations.some(({ access }) => typeof access?.owner === 'string'),
    ...(scopes === undefined ? {} : { scopes }),
  };
}

function draftOf({ operation, isRequired }: Wanted, before: readonly Draft[]): Draft {
  if (operation.kind === 'command') {
    throw new Refusal(
      `${operation.pattern} is a command: parts are queries; what changes something is a saga`,
    );
  }
  if (isForOperators(operation))
    throw new Refusal(`${operation.pattern} is not for clients${closedBy(operation)}`);
  if (jsonSchemaOf(operation.input, 'input').type !== 'object')
    throw new Refusal(`${operation.pattern} takes no object with fields: write the aggregation by hand`);
  const name = freeName(operation, before);
  const inputs = inputsOf(operation, before);
  const byDefault = isRequired ? undefined : emptyOf(operation);
  const sample = sampleOf(operation);
  return {
    ...{ name, operation, isRequired, inputs, sample },
    ...(byDefault === undefined ? {} : { byDefault }),
  };
}

/** What the author of a contract has to do, where no client may ask yet. */
const closedBy = ({ access, module }: Operation): string =>
  access?.gatewayOnly === true
    ? `: its access in ${module} says that only gateways ask for themselves; say there who else may`
    : '';

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
  const asks = asksOf(drafts);
  const needs: string[] = [];
  const reads = new Set<string>();
  const values = inputs.map(({ field, from }) => {
    if (from === 'caller') {
      reads.add('caller');
      return `${keyed(field)}: ownCustomer(caller)`;
    }
    if (from === 'request') {
      reads.add('input');
      return `${keyed(field)}: ${requestedAs({ draft, field, id: idFieldOf(draft.operation, field) }, asks)}`;
    }
    needs.push(from.part);
    reads.add(from.part);
    return `${keyed(field)}: ${from.part}${dotted(from.list)}.map((item) => item${dotted(from.id)})`;
  });
  const args = reads.size === 0 ? '' : `{ ${[...reads].join(', ')} }`;
  const input = `(${args}) => (${values.length === 0 ? '{}' : `{ ${values.join(', ')} }`})`;
  return { ...rest, needs, input };
}

/** A field of the request that an operation asks for, and of what it is an id, or has ids. */
interface Ask {
  readonly draft: Draft;
  readonly field: string;
  readonly id: IdField | undefined;
}

const asksOf = (drafts: readonly Draft[]): readonly Ask[] =>
  drafts.flatMap((draft) =>
    draft.inputs
      .filter(({ from }) => from === 'request')
      .map(({ field }) => ({ draft, field, id: idFieldOf(draft.operation, field) })),
  );

/** One id of an entity is the same wherever it is asked for; a list of ids is that one where one is asked for. */
function isSame(one: Ask, other: Ask): boolean {
  if (one.id === undefined || other.id === undefined) return one === other;
  return one.id.entity === other.id.entity && one.id.isMany === other.id.isMany;
}

const oneFor = ({ id }: Ask, asks: readonly Ask[]): Ask | undefined =>
  id?.isMany === true ? asks.find((each) => each.id?.entity === id.entity && !each.id.isMany) : undefined;

function requestedAs(ask: Ask, asks: readonly Ask[]): string {
  const one = oneFor(ask, asks);
  return one === undefined
    ? `input${dotted(fieldName(ask, asks))}`
    : `[input${dotted(fieldName(one, asks))}]`;
}

/**
 * `productId` says of what it is an id, and so is the name wherever a product is asked for; of two `id` of different things
 * they are `orderId` and `paymentId`.
 */
function fieldName(ask: Ask, asks: readonly Ask[]): string {
  const same = asks.filter((each) => each === ask || isSame(each, ask));
  const isFree = (name: string) => asks.every((each) => each.field !== name || isSameAsAny(each, same));
  const saying = same.find(({ field }) => /[a-z]Ids?$/.test(field))?.field;
  const name = saying ?? ask.field;
  if (isFree(name)) return name;
  const [first = ask] = same;
  return first.draft.name + capital(first.field);
}

const isSameAsAny = (ask: Ask, same: readonly Ask[]): boolean =>
  same.some((each) => (each.draft === ask.draft && each.field === ask.field) || isSame(each, ask));

function fieldsOf(drafts: readonly Draft[]): readonly Field[] {
  const asks = asksOf(drafts);
  const fields = new Map<string, Field>();
  for (const ask of asks) {
    const name = fieldName(ask, asks);
    if (oneFor(ask, asks) === undefined && !fields.has(name)) fields.set(name, { name, ...fieldOf(ask) });
  }
  return [...fields.values()];
}

function fieldOf({ draft: { operation }, field, id }: Ask): Omit<Field, 'name'> {
  const { service, name, input } = operation;
  const schema = jsonSchemaOf(input, 'input').properties?.[field];
  const isText = schema?.type === 'string';
  const sample = sampleOfField(operation, field);
  return {
    ...{ service, schema: `${name}.input.shape${dotted(field)}`, isText, sample },
    ...(id === undefined ? {} : { id }),
  };
}
