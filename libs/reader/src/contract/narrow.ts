import { z } from 'zod';
import type { FieldTree } from './field-tree.js';
import { checksOf, innerOf, isClosed, isLength, withDefinition, type Schema } from './schema.js';

/** A contract's output as far as it is read. */
export interface Narrowed {
  /** Takes what is read and drops everything else, unknown fields too. */
  readonly schema: Schema;
  /** Whether its result is cut; else it holds more than is read, and is to be cut afterwards. */
  readonly isCut: boolean;
  /** Where a contract looks at more than is read: paths that a service must answer whole, for them to be checked. */
  readonly whole: readonly string[];
}

/**
 * The schema of what is read: strict objects drop what they do not name, fields that are not read are taken out, and a
 * list of which only the first elements are read (`first`, its path) may have any length. An object with a refinement is
 * read whole, as nobody knows which fields the refinement looks at; so is whatever has no fields of its own: a union, a
 * record, a transform.
 */
export function narrow(output: z.core.$ZodType, selection: FieldTree, first?: string): Narrowed {
  const narrowing = new Narrowing(first);
  const schema = narrowing.of(output as Schema, { ...WHOLE, selection });
  return { schema, isCut: narrowing.isCut, whole: narrowing.whole };
}

interface Read {
  readonly selection: FieldTree;
  readonly path: string;
  /** Whether it is an element of a list: a path names the list itself. */
  readonly isElement: boolean;
}

const WHOLE: Read = { selection: true, path: '', isElement: false };

class Narrowing {
  isCut = true;
  readonly whole: string[] = [];
  /** What is being narrowed: a contract may contain itself. */
  readonly #above: (readonly [Schema, FieldTree])[] = [];
  readonly #again = new Map<Schema, Schema>();

  /** What narrows what lies deeper than the path of a list can name. */
  readonly #deeper: Narrowing;

  constructor(private readonly first: string | undefined) {
    this.#deeper = first === undefined ? this : new Narrowing(undefined);
  }

  of(schema: Schema, at: Read): Schema {
    if (this.#above.some(([above, selection]) => above === schema && selection === at.selection)) {
      return at.selection === true ? this.#itself(schema) : this.#leave(schema, at);
    }
    this.#above.push([schema, at.selection]);
    const narrowed = this.#inside(schema, at);
    this.#above.pop();
    return narrowed;
  }

  #inside(schema: Schema, at: Read): Schema {
    const isRefined = !checksOf(schema).every(isLength);
    if (at.selection !== true && isRefined) return this.#leave(schema, at);
    const kind: string = schema._zod.def.type;
    switch (kind) {
      case 'object':
        return this.#object(schema as z.core.$ZodObject, at);
      case 'array':
        return this.#list(schema as z.core.$ZodArray, at);
      case 'default':
      case 'prefault':
      case 'catch':
        // What stands in for a value is not narrowed with it.
        if (at.selection !== true) this.isCut = false;
        return this.#wrapper(schema, at);
      case 'optional':
      case 'nullable':
      case 'readonly':
      case 'nonoptional':
        return this.#wrapper(schema, at);
      case 'lazy':
        return this.#lazy(schema as z.core.$ZodLazy, at);
      default:
        return at.selection === true ? this.#open(schema, at) : this.#leave(schema, at);
    }
  }

  /** What has no fields of its own, and is read whole, drops unknown ones below all the same. */
  #open(schema: Schema, at: Read): Schema {
    const { def } = schema._zod;
    const below = (inner: z.core.$ZodType): Schema => this.of(inner as Schema, at);
    if (def.type === 'record') return withDefinition(schema, { valueType: below(def.valueType) });
    if (def.type === 'pipe') return withDefinition(schema, { in: below(def.in) });
    if (def.type === 'tuple') {
      return withDefinition(schema, { items: def.items.map(below), rest: def.rest && below(def.rest) });
    }
    // Which of several a value is may hang on what they do not name, but not where a field tells.
    const isTold = def.type === 'union' && 'discriminator' in def;
    return isTold ? withDefinition(schema, { options: def.options.map(below) }) : schema;
  }

  #lazy(schema: z.core.$ZodLazy, at: Read): Schema {
    const inner = this.of(schema._zod.def.getter() as Schema, at);
    return withDefinition(schema, { getter: () => inner, _cachedInner: undefined });
  }

  /** A schema inside itself: narrowed once, when an answer first gets there, however deep it goes. */
  #itself(schema: Schema): Schema {
    return z.lazy(() => {
      const known = this.#deeper.#again.get(schema) ?? this.#deeper.of(schema, WHOLE);
      this.#deeper.#again.set(schema, known);
      return known;
    });
  }

  #object(schema: z.core.$ZodObject, at: Read): Schema {
    const { selection, path } = at;
    const isOpen = !isClosed(schema);
    if (isOpen && selection !== true) {
      this.#leave(schema, at);
      return this.#object(schema, { ...at, selection: true });
    }
    const fields = Object.entries(schema._zod.def.shape).flatMap(([name, field]) => {
      const below = selection === true ? true : selection.get(name);
      if (below === undefined) return [];
      const place = { selection: below, path: path === '' ? name : `${path}.${name}`, isElement: false };
      return [[name, this.of(field as Schema, place)] as const];
    });
    const shape = Object.fromEntries(fields);
    return withDefinition(schema, isOpen ? { shape } : { shape, catchall: undefined });
  }

  #list(schema: z.core.$ZodArray, at: Read): Schema {
    const element = this.of(schema._zod.def.element as Schema, { ...at, isElement: true });
    if (at.isElement || at.path !== this.first) return withDefinition(schema, { element });
    const checks = checksOf(schema as Schema).filter((check) => !isLength(check));
    return withDefinition(schema, { element, checks });
  }

  #wrapper(schema: Schema, at: Read): Schema {
    const innerType = this.of(innerOf(schema), at);
    return withDefinition(schema, { innerType });
  }

  /** Of what cannot be cut here, all is read. */
  #leave(schema: Schema, at: Read): Schema {
    if (!LEAVES.has(schema._zod.def.type)) {
      this.isCut = false;
      this.whole.push(at.path);
    }
    return this.of(schema, { ...at, selection: true });
  }
}

const LEAVES = new Set(['string', 'number', 'boolean', 'null', 'enum', 'literal', 'template_literal']);
