import type { DescribedField, DescribedOperation, Resolve } from './model.js';
import type { Notes } from './notes.js';
import { mergedOf } from './schema/all.js';
import { isObject, listAt, ownOf, propertiesOf, textAt, typesOf, type Json } from './schema/json.js';
import { camelOf, type FreeNames, singularOf } from './schema/names.js';
import { lengths, numberCode, textCode } from './schema/scalar.js';
import { literal } from './schema/text.js';
import { isNullable } from './schema/union.js';

/** An id's schema, as it is declared. */
export interface DeclaredId {
  readonly name: string;
  readonly code: string;
}

interface Entity extends DeclaredId {
  readonly form: string;
}

export interface IdSetting {
  /** What the entities of another contract are called after, where they have the name of one that is known: `users`. */
  readonly service: string;
  /** The entities that other contracts of the workspace have ids of. */
  readonly known: ReadonlySet<string>;
  readonly owner: 'customer' | 'nobody';
  readonly resolve: Resolve;
  readonly notes: Notes;
  readonly names: FreeNames;
}

/** The form of ids where a contract says none: letters, digits and `._:-`. */
const PRINTABLE = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;

/** The ids that a service is asked with, in its paths and queries: each is of one entity, wherever it stands. */
export class Ids {
  readonly declared: DeclaredId[] = [];
  readonly #byEntity = new Map<string, Entity>();
  /** The operations whose whole input is what a message has. */
  readonly #messages = new Set<string>();

  constructor(
    operations: readonly DescribedOperation[],
    private readonly setting: IdSetting,
  ) {
    for (const operation of operations) {
      if (operation.http === undefined) this.#messages.add(operation.name);
      for (const field of [...operation.fields, ...this.#inMessage(operation)]) this.#declare(field);
    }
  }

  /** The code of a field that has such ids, or a list of them; undefined where it has none. */
  of(field: string, owner: string, schema: unknown): string | undefined {
    const entity = entityOf(field) ?? (isBareId(field) ? this.#ownerIn(owner) : undefined);
    return entity === undefined ? undefined : this.code(entity, schema);
  }

  /** The entity whose `id` a field of `Order`, of `orders[]` and of `FindOrderDto` is. */
  #ownerIn(owner: string): string | undefined {
    if (this.#messages.has(owner)) return singularOf(camelOf(this.setting.service, 'entity'));
    const last = camelOf(
      owner
        .split('.')
        .at(-1)
        ?.replaceAll(/[^\w-]/g, '') ?? '',
      'entity',
    );
    const stem = last.replace(/(?:Dto|Request|Response|Answer|Entity|Model|Input|Payload)+$/, '');
    const object = stem.replace(/^[a-z]+(?=[A-Z])/, '');
    const names = [last, stem, object.charAt(0).toLowerCase() + object.slice(1)].map(singularOf);
    return names.find((each) => this.#byEntity.has(each));
  }

  /** The fields of a message that are called like ids: its own `id` is of what the service has. */
  #inMessage({ http, body }: DescribedOperation): readonly DescribedField[] {
    if (http !== undefined || body === undefined) return [];
    const { resolve, service } = this.setting;
    return propertiesOf(mergedOf([body.schema], resolve) ?? {}).flatMap(([name, schema]) => {
      const entity = entityOf(name) ?? (isBareId(name) ? singularOf(camelOf(service, 'entity')) : undefined);
      return entity === undefined ? [] : [{ name, schema, entity, isRequired: true }];
    });
  }

  code(entity: string, schema: unknown): string | undefined {
    const known = this.#byEntity.get(entity);
    const json = this.#resolved(schema);
    if (known === undefined || json === undefined) return undefined;
    const nullable = isNullable(json) ? '.nullable()' : '';
    if (typesOf(json).includes('array')) {
      const items = this.#resolved(ownOf(json, 'items'));
      if (items === undefined || formOf(items) !== known.form) return undefined;
      return `z.array(${known.name})${lengths(json, ['minItems', 'maxItems'])}${nullable}`;
    }
    return formOf(json) === known.form ? known.name + nullable : undefined;
  }

  #declare({ entity, schema, name: field }: DescribedField): void {
    const json = this.#resolved(schema);
    if (entity === undefined || json === undefined || this.#byEntity.has(entity)) return;
    const one = typesOf(json).includes('array') ? this.#resolved(ownOf(json, 'items')) : json;
    const form = one === undefined ? undefined : formOf(one);
    if (one === undefined || form === undefined) return;
    const { known, service, notes, names, owner } = this.setting;
    const isTaken = known.has(entity);
    const called = isTaken ? `${service}-${entity}` : entity;
    const name = names.free(`${entity}Id`, 'Of');
    if (isTaken)
      notes.add(
        'another contract has ids of the same name: import those where it is the same thing',
        `${name} of "${called}"`,
      );
    const schemaCode = this.#schemaCode(one, field);
    const code = `id(${literal(called)}, { owner: '${owner}'${schemaCode === undefined ? '' : `, schema: ${schemaCode}`} })`;
    this.#byEntity.set(entity, { name, code, form });
    this.declared.push({ name, code });
  }

  /** Undefined where it says no more than the form that ids have by default. */
  #schemaCode(json: Json, field: string): string | undefined {
    const { notes } = this.setting;
    if (!typesOf(json).includes('string')) return numberCode(json, typesOf(json).includes('integer'));
    const code = textCode(json, field, notes);
    if (code !== 'z.string()') return code;
    const examples = [ownOf(json, 'example'), ...listAt(json, 'examples')].filter(
      (each) => typeof each === 'string',
    );
    if (!examples.every((each) => PRINTABLE.test(each))) return 'z.string().min(1)';
    notes.add('has no form in the description: up to 64 letters, digits and ._:- are taken', field);
    return undefined;
  }

  #resolved(schema: unknown, steps = 0): Json | undefined {
    if (!isObject(schema) || steps > 20) return undefined;
    const ref = textAt(schema, '$ref');
    return ref === undefined ? schema : this.#resolved(this.setting.resolve(ref)?.schema, steps + 1);
  }
}

/** `string uuid`, `integer`: what ids of one entity have in common; undefined for what is no id. */
function formOf(json: Json): string | undefined {
  const [type, ...others] = typesOf(json).filter((each) => each !== 'null');
  if (type === undefined || others.length > 0 || !['string', 'integer', 'number'].includes(type))
    return undefined;
  if (listAt(json, 'enum').length > 0 || ownOf(json, 'const') !== undefined) return undefined;
  return type === 'string' ? `string ${textAt(json, 'format') ?? ''}` : 'number';
}

const isBareId = (name: string): boolean => /^(?:id|uuid|guid)s?$/i.test(name);

/** `pet`, of `petId`, of `pet_ids` and of the `id` in `/pets/{id}`; undefined for what is called like no id. */
export function entityOf(name: string, path = ''): string | undefined {
  if (isBareId(name)) {
    const [, before] = new RegExp(`([^/{}]+)/\\{${name}\\}`).exec(path) ?? [];
    return before === undefined ? undefined : singularOf(camelOf(before, 'entity'));
  }
  const [, stem] = /^(.+?)(?:(?<=[a-z0-9])(?:Id|ID|Uuid|UUID)|[_-](?:id|uuid))s?$/.exec(name) ?? [];
  return stem === undefined ? undefined : camelOf(stem, 'entity');
}
