import type { z } from 'zod';
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
  const schema = narrowing.of(output as Schema, { selection, path: '', isElement: false });
  return { schema, isCut: narrowing.isCut, whole: narrowing.whole };
}

interface Read {
  readonly selection: FieldTree;
  readonly path: string;
  /** Whether it is an element of a list: a path names the list itself. */
  readonly isElement: boolean;
}

class Narrowing {
  isCut = true;
  readonly whole: string[] = [];
  readonly #above = new Set<Schema>();

  constructor(private readonly first: string | undefined) {}

  of(schema: Schema, at: Read): Schema {
    if (this.#above.has(schema)) return this.#leave(schema, at);
    this.#above.add(schema);
    const narrowed = this.#inside(schema, at);
    this.#above.delete(schema);
    return narrowed;
  }

  #inside(schema: Schema, at: Read): Schema {
    const isRefined = !checksOf(schema).every(isLength);
    if (at.selection !== true && isRefined) {
      this.#leave(schema, at);
      return this.#inside(schema, { ...at, selection: true });
    }
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
      default:
        return this.#leave(schema, at);
    }
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

  #leave(schema: Schema, { selection, path }: Read): Schema {
    if (selection !== true && mayHoldFields(schema)) {
      this.isCut = false;
      this.whole.push(path);
    }
    return schema;
  }
}

const LEAVES = new Set(['string', 'number', 'boolean', 'null', 'enum', 'literal', 'template_literal']);

function mayHoldFields(schema: Schema): boolean {
  return !LEAVES.has(schema._zod.def.type);
}
