import type { z } from 'zod';
import type { FieldTree } from './field-tree.js';
import { numberRule, type NumberRule } from './number-rule.js';
import { checksOf, innerOf, isClosed, isLength, type Schema } from './schema.js';
import { textRule, type TextRule } from './text-rule.js';

/** What a contract and what is read of it say about a value: a small tree that the compiler starts from. */
export type Node = AnyNode | ObjectNode | ListNode | TextNode | NumberNode | WordNode | BooleanNode;

interface Nullable {
  readonly isNullable?: boolean;
}

/** JSON of any kind, which nobody reads. */
export interface AnyNode extends Nullable {
  readonly kind: 'any';
}
export interface ObjectNode extends Nullable {
  readonly kind: 'object';
  readonly fields: ReadonlyMap<string, Field>;
  readonly isFrozen: boolean;
}
export interface Field {
  readonly node: Node;
  readonly isRead: boolean;
  /** Whether it may be absent, and is absent from what is read then. */
  readonly isOptional: boolean;
}
export interface ListNode extends Nullable {
  readonly kind: 'list';
  readonly element: Node;
  readonly min: number;
  readonly max: number;
  /** Only so many elements are read. */
  readonly first: number | undefined;
  readonly isFrozen: boolean;
}
export interface TextNode extends Nullable {
  readonly kind: 'text';
  readonly rule: TextRule | undefined;
}
export interface NumberNode extends Nullable {
  readonly kind: 'number';
  readonly rule: NumberRule;
}
/** One of some values that are written in one way: an enum, a literal, null. */
export interface WordNode extends Nullable {
  readonly kind: 'word';
  readonly values: readonly (string | number | boolean | null)[];
}
export interface BooleanNode extends Nullable {
  readonly kind: 'boolean';
}

/** A part of a contract that is not compiled, and why. */
export interface LeftToZod {
  /** Its path, `''` for the whole answer. */
  readonly field: string;
  readonly reason: string;
}

export interface Modelled {
  /** Undefined where something that is read is left to zod. */
  readonly node: Node | undefined;
  readonly leftToZod: readonly LeftToZod[];
}

export interface FirstOf {
  readonly list: string;
  readonly count: number;
}

/** The tree of an output. What is not read is held to its kind where that is simple: it is walked faster so. */
export function modelOf(output: z.core.$ZodType, selection: FieldTree, first?: FirstOf): Modelled {
  const modelling = new Modelling(first);
  const node = modelling.of(output as Schema, { selection, path: '', isElement: false });
  const { leftToZod } = modelling;
  return { node: leftToZod.length === 0 ? node : undefined, leftToZod };
}

interface At {
  /** Undefined: not read. */
  readonly selection: FieldTree | undefined;
  readonly path: string;
  /** Whether it is an element of a list: a path names the list itself. */
  readonly isElement: boolean;
}

const ANY: AnyNode = { kind: 'any' };
const MOST_WORDS = 32;

class Modelling {
  readonly leftToZod: LeftToZod[] = [];
  readonly #above = new Set<Schema>();

  constructor(private readonly first: FirstOf | undefined) {}

  of(schema: Schema, at: At): Node {
    if (this.#above.has(schema)) return this.#leave(at, 'it contains itself');
    this.#above.add(schema);
    const node = this.#inside(schema, at);
    this.#above.delete(schema);
    return node;
  }

  #inside(schema: Schema, at: At): Node {
    const kind: string = schema._zod.def.type;
    switch (kind) {
      case 'string':
        return this.#text(schema as z.core.$ZodString, at);
      case 'number':
        return this.#number(schema as z.core.$ZodNumber, at);
      case 'array':
        return this.#list(schema as z.core.$ZodArray, at);
      default:
        return checksOf(schema).length > 0 ? this.#leave(at, 'a refinement') : this.#unrefined(schema, at);
    }
  }

  #unrefined(schema: Schema, at: At): Node {
    const kind: string = schema._zod.def.type;
    switch (kind) {
      case 'object':
        return this.#object(schema as z.core.$ZodObject, at);
      case 'boolean':
        return (schema as z.core.$ZodBoolean)._zod.def.coerce
          ? this.#leave(at, 'a coercion')
          : { kind: 'boolean' };
      case 'null':
        return { kind: 'word', values: [null] };
      case 'enum':
      case 'literal':
        return this.#words([...(schema._zod.values ?? [])], at);
      case 'nullable':
        return { ...this.of(innerOf(schema), at), isNullable: true };
      case 'optional':
      case 'nonoptional':
      case 'default':
      case 'prefault':
      case 'catch':
        return this.of(innerOf(schema), at);
      case 'readonly':
        return frozen(this.of(innerOf(schema), at));
      default:
        return this.#leave(at, reasons[kind] ?? `a schema of the kind "${kind}"`);
    }
  }

  #object(schema: z.core.$ZodObject, place: At): Node {
    const { selection, path } = place;
    if (!isClosed(schema)) return this.#leave(place, 'fields that it does not name');
    const fields = new Map<string, Field>();
    for (const [name, field] of Object.entries(schema._zod.def.shape)) {
      const below = selection === true ? true : selection?.get(name);
      const at = { selection: below, path: path === '' ? name : `${path}.${name}`, isElement: false };
      // zod looks a field up in the prototype too, where every object has some.
      const isOwn = below === undefined || !(name in {});
      const node = isOwn
        ? this.of(field as Schema, at)
        : this.#leave(at, 'the name of what every object has');
      const { optin, optout } = field._zod;
      const isOptional = optin === 'optional' && optout === 'optional';
      fields.set(name, { node, isRead: below !== undefined, isOptional });
    }
    return { kind: 'object', fields, isFrozen: false };
  }

  #list(schema: z.core.$ZodArray, at: At): Node {
    const checks = checksOf(schema);
    if (!checks.every(isLength)) return this.#leave(at, 'a refinement');
    const isRead = at.selection !== undefined;
    const isCut = isRead && !at.isElement && this.first?.list === at.path;
    const first = isCut ? this.first?.count : undefined;
    const limits = isRead && first === undefined ? checks : [];
    const element = this.of(schema._zod.def.element as Schema, { ...at, isElement: true });
    return { kind: 'list', element, first, isFrozen: false, ...lengthsOf(limits) };
  }

  #text(schema: z.core.$ZodString, at: At): Node {
    if (at.selection === undefined) return { kind: 'text', rule: undefined };
    const rule = textRule(schema);
    return typeof rule === 'string' ? this.#leave(at, rule) : { kind: 'text', rule };
  }

  #number(schema: z.core.$ZodNumber, at: At): Node {
    const rule = numberRule(schema, at.selection !== undefined);
    return typeof rule === 'string' ? this.#leave(at, rule) : { kind: 'number', rule };
  }

  #words(values: readonly z.core.util.Primitive[], at: At): Node {
    if (!values.every(isWord)) return this.#leave(at, 'a literal that JSON does not have');
    if (values.length > MOST_WORDS) return this.#leave(at, `more than ${MOST_WORDS} values`);
    return { kind: 'word', values };
  }

  /** What is not read is walked over without being looked at. */
  #leave({ selection, path }: At, reason: string): Node {
    if (selection !== undefined) this.leftToZod.push({ field: path, reason });
    return ANY;
  }
}

const reasons: Readonly<Record<string, string>> = {
  union: 'a union',
  intersection: 'an intersection',
  record: 'a record',
  pipe: 'a transform',
  transform: 'a transform',
  unknown: 'anything at all',
  any: 'anything at all',
  lazy: 'it may contain itself',
};

function frozen(node: Node): Node {
  return node.kind === 'object' || node.kind === 'list' ? { ...node, isFrozen: true } : node;
}

function lengthsOf(checks: ReturnType<typeof checksOf>): { min: number; max: number } {
  const limits = { min: 0, max: Infinity };
  for (const { _zod } of checks) {
    const def = _zod.def as { length?: number; minimum?: number; maximum?: number };
    limits.min = Math.max(limits.min, def.length ?? def.minimum ?? 0);
    limits.max = Math.min(limits.max, def.length ?? def.maximum ?? Infinity);
  }
  return limits;
}

function isWord(value: unknown): value is WordNode['values'][number] {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  return typeof value === 'string' || typeof value === 'boolean' || value === null;
}
