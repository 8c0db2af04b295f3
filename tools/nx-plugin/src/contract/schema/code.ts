import type { Resolve } from '../model.js';
import type { Notes } from '../notes.js';
import type { Io } from './directions.js';
import type { Json } from './json.js';
import type { FreeNames } from './names.js';

/** A schema in TypeScript. */
export interface Code {
  readonly code: string;
  /** Whether it is a `z.object`, whose fields are known. */
  readonly isObject?: boolean;
  /** Its type, where it is a part of itself: the compiler could not infer it. */
  readonly type?: string;
}

export interface At {
  /** `Pet.tags`, in messages. */
  readonly where: string;
  readonly io: Io;
  readonly depth?: number;
  /** The schemas that this one is nothing but a part of: it may not be one of them. */
  readonly within?: readonly string[];
  /** Whether it is the value of a field, or of the list that is: a getter can have it, whatever it is a part of. */
  readonly isValue?: boolean;
}

/** The name of the id's schema that a field has; undefined where it is no id that is known. */
export type IdOf = (field: string, owner: string, schema: unknown) => string | undefined;

export interface Setting {
  readonly resolve: Resolve;
  readonly notes: Notes;
  readonly names: FreeNames;
  readonly idOf: IdOf;
}

export interface Field {
  readonly name: string;
  readonly schema: unknown;
  readonly isRequired: boolean;
  readonly description?: string | undefined;
  /** What it is written as, where that is known. */
  readonly code?: string | undefined;
}

/** What writes a schema, for those that are made of several. */
export interface SchemaWriter {
  readonly setting: Setting;
  write(schema: unknown, at: At): Code;
  fields(json: Json, at: At): readonly string[];
  /** Where no type is given. */
  anything(at: At): Code;
}

/** The type of what is made from a schema, where that schema is a part of itself. */
export const typed = (wrapper: string, inner: Code, before = '') =>
  inner.type === undefined ? {} : { type: `${wrapper}<${before}${inner.type}>` };
