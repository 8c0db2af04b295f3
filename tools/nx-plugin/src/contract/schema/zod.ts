import { Refusal } from '../../refusal.js';
import { isOnlyChoices, onlyRequires, saysNothing } from './all.js';
import { typed, type At, type Code, type Field, type SchemaWriter, type Setting } from './code.js';
import { allCode, choiceCode } from './composed.js';
import { Directions } from './directions.js';
import { isObject, listAt, ownOf, propertiesOf, textAt, textsAt, typesOf, type Json } from './json.js';
import { camelOf, constant } from './names.js';
import { defaultOf, lengths, numberCode, textCode, valuesCode } from './scalar.js';
import { keyed } from '../../names.js';
import { comment, literal } from './text.js';
import { isNullable } from './union.js';

/** A schema that is declared by a name. */
export interface Named {
  readonly name: string;
  readonly comment: string;
  /** Empty while it is being written. */
  code: string;
  isObject: boolean;
}

const DEEPEST = 60;

/** Words of JSON Schema that zod has nothing plain for. */
const LEFT_OUT = [
  ...[
    'not',
    'if',
    'contains',
    'uniqueItems',
    'patternProperties',
    'propertyNames',
    'minProperties',
    'maxProperties',
  ],
  ...[
    'dependentRequired',
    'dependentSchemas',
    'dependencies',
    'unevaluatedItems',
    '$dynamicRef',
    '$recursiveRef',
  ],
];

/** Writes JSON schemas as zod. What is referred to gets a name; `named` has it in the order of declaration. */
export class ZodWriter implements SchemaWriter {
  readonly named: Named[] = [];
  readonly #known = new Map<string, Named>();
  readonly #directions: Directions;

  constructor(readonly setting: Setting) {
    this.#directions = new Directions(setting.resolve);
  }

  /** @throws Refusal where a schema is deeper than any that is meant, or is nothing but itself */
  write(schema: unknown, at: At): Code {
    if ((at.depth ?? 0) > DEEPEST) throw new Refusal(`${at.where} is nested deeper than ${DEEPEST} levels`);
    if (schema === false) return { code: 'z.never()' };
    if (!isObject(schema)) return this.anything(at);
    for (const word of LEFT_OUT) {
      if (ownOf(schema, word) !== undefined && ownOf(schema, word) !== false)
        this.setting.notes.add(`"${word}" is not checked`, at.where);
    }
    if (
      isObject(ownOf(schema, 'discriminator')) &&
      !['oneOf', 'anyOf'].some((word) => listAt(schema, word).length > 0)
    )
      this.setting.notes.add(
        'schemas that extend it are not told apart: its own fields are kept alone',
        at.where,
      );
    const written = this.#plain(schema, at);
    if (!isNullable(schema) || written.code === 'z.null()') return written;
    return { code: `${written.code}.nullable()`, ...typed('z.ZodNullable', written) };
  }

  anything(at: At): Code {
    this.setting.notes.add('anything may stand here, since no type is given (z.unknown())', at.where);
    return { code: 'z.unknown()' };
  }

  /** A schema without its null. */
  #plain(json: Json, at: At): Code {
    const { notes } = this.setting;
    const { $ref: ref, ...beside } = json;
    if (typeof ref === 'string')
      return saysNothing(beside) ? this.#referred(ref, at) : allCode([{ $ref: ref }, beside], at, this);
    if (Object.hasOwn(json, 'const')) return { code: valuesCode([json['const']], at.where, notes) };
    const values = listAt(json, 'enum');
    if (values.length > 0) return { code: valuesCode(values, at.where, notes) };
    const { allOf: _, oneOf: __, anyOf: ___, ...own } = json;
    const all = listAt(json, 'allOf');
    const choices = [listAt(json, 'oneOf'), listAt(json, 'anyOf')].filter((each) => each.length > 0);
    if (all.length === 0 && choices.length === 1 && isOnlyChoices(json))
      return choiceCode(json, choices[0] ?? [], at, this);
    if (all.length === 0 && choices.length === 0) return this.#byType(json, at);
    const told = choices.filter((each) => !each.every(onlyRequires));
    if (told.length < choices.length) notes.add('which of its fields go together is not checked', at.where);
    const beneath = saysNothing(own) ? [] : [{ ...own, nullable: undefined }];
    return allCode([...all, ...beneath, ...told.map((each) => ({ anyOf: each }))], at, this);
  }

  #byType(json: Json, at: At): Code {
    const types = typesOf(json).filter((type) => type !== 'null');
    const [first] = types;
    if (first === undefined) return typesOf(json).length > 0 ? { code: 'z.null()' } : this.anything(at);
    if (types.length === 1) return this.#typed(json, first, at);
    const options = types.map((type) => this.#typed(json, type, { ...at, isValue: false }).code);
    return { code: `z.union([${options.join(', ')}])` };
  }

  #typed(json: Json, type: string, at: At): Code {
    const { notes } = this.setting;
    switch (type) {
      case 'string':
        return { code: textCode(json, at.where, notes) };
      case 'integer':
      case 'number':
        return { code: numberCode(json, type === 'integer') };
      case 'boolean':
        return { code: 'z.boolean()' };
      case 'array':
        return this.#list(json, at);
      case 'object':
        return this.#object(json, at);
      default:
        notes.add(`${literal(type)} is no type of JSON Schema (z.unknown())`, at.where);
        return { code: 'z.unknown()' };
    }
  }

  #list(json: Json, at: At): Code {
    const inner = beneath(at, '[]');
    const items = ownOf(json, 'items');
    const first = listAt(json, 'prefixItems').map(
      (each) => this.write(each, { ...inner, isValue: false }).code,
    );
    if (first.length > 0) {
      const rest = isObject(items) ? this.write(items, { ...inner, isValue: false }).code : 'z.unknown()';
      return { code: `z.tuple([${first.join(', ')}]${items === false ? '' : `, ${rest}`})` };
    }
    const element = this.write(items, inner);
    const code = `z.array(${element.code})${lengths(json, ['minItems', 'maxItems'])}`;
    return { code, ...typed('z.ZodArray', element) };
  }

  #object(json: Json, at: At): Code {
    const more = ownOf(json, 'additionalProperties');
    const isTyped = isObject(more) && !saysNothing(more);
    if (propertiesOf(json).length === 0 && more !== false) {
      const value = isTyped ? this.write(more, beneath(at, '.*')) : { code: 'z.unknown()' };
      return { code: `z.record(z.string(), ${value.code})`, ...typed('z.ZodRecord', value, 'z.ZodString, ') };
    }
    const code = `${more === false ? 'z.strictObject' : 'z.object'}({ ${this.fields(json, at).join(', ')} })`;
    if (!isTyped) return { code, isObject: true };
    const value = this.write(more, { ...beneath(at, '.*'), isValue: false });
    return { code: `${code}.catchall(${value.code})`, isObject: true };
  }

  /** The fields of an object schema, each as it stands in a `z.object`. */
  fields(json: Json, at: At): readonly string[] {
    const required = new Set(textsAt(json, 'required'));
    return propertiesOf(json)
      .filter(([, schema]) => this.#directions.isThere(schema, at.io))
      .map(([name, schema]) => this.field({ name, schema, isRequired: required.has(name) }, at));
  }

  field({ name, schema, isRequired, description, code }: Field, at: At): string {
    const inner = { ...beneath(at, `.${name}`), isValue: true };
    const id = code ?? this.setting.idOf(name, at.where, schema);
    const written = id === undefined ? this.write(schema, inner) : { code: id };
    const value = isRequired ? written : this.#absent(written, schema, inner.where);
    const text = comment(description ?? (isObject(schema) ? textAt(schema, 'description') : undefined));
    const above = text === '' ? '' : `\n${text}`;
    if (value.code === name) return above + name;
    return value.type === undefined
      ? `${above}${keyed(name)}: ${value.code}`
      : `${above}get ${keyed(name)}(): ${value.type} { return ${value.code}; }`;
  }

  /** What may be absent, or is taken where it is. */
  #absent(written: Code, schema: unknown, where: string): Code {
    const value =
      isObject(schema) && written.type === undefined
        ? defaultOf(schema, typesOf(schema), where, this.setting.notes)
        : undefined;
    if (value !== undefined) return { code: `${written.code}.default(${value})` };
    return { code: `${written.code}.optional()`, ...typed('z.ZodOptional', written) };
  }

  #referred(ref: string, at: At): Code {
    const { resolve, names } = this.setting;
    const found = resolve(ref);
    if (found === undefined) throw new Refusal(`${at.where} refers to ${literal(ref)}, which is not there`);
    if (at.within?.includes(ref) === true)
      throw new Refusal(`${at.where} refers to itself and to nothing else`);
    const within = [...(at.within ?? []), ref];
    if (isObject(found.schema) && textAt(found.schema, '$ref') !== undefined)
      return this.write(found.schema, { ...at, within });
    const isOneWay = this.#directions.differs(ref);
    const key = isOneWay ? `${at.io} ${ref}` : ref;
    const known = this.#known.get(key);
    if (known !== undefined) return this.#use(known, at);
    const camel = camelOf(found.name, 'schema');
    const entry: Named = {
      name: names.free(constant(isOneWay && at.io === 'input' ? `${camel}Input` : camel, 'Schema'), 'Schema'),
      comment: comment(isObject(found.schema) ? textAt(found.schema, 'description') : undefined),
      code: '',
      isObject: false,
    };
    this.#known.set(key, entry);
    const written = this.write(found.schema, { where: found.name, io: at.io, within });
    Object.assign(entry, { code: written.code, isObject: written.isObject === true });
    this.named.push(entry);
    return this.#use(entry, at);
  }

  #use({ name, code, isObject }: Named, at: At): Code {
    if (code !== '') return { code: name, isObject };
    if (at.isValue === true) return { code: name, type: `typeof ${name}` };
    this.setting.notes.add('what is part of itself has the type unknown here', at.where);
    return { code: `z.lazy((): z.ZodType => ${name})` };
  }
}

const beneath = (at: At, step: string): At => ({
  where: at.where === '' ? step.replace(/^\./, '') : at.where + step,
  io: at.io,
  depth: (at.depth ?? 0) + 1,
  isValue: at.isValue === true,
});
