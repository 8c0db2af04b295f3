import { Refusal } from '../../refusal.js';
import type { Resolve } from '../model.js';
import type { Notes } from '../notes.js';
import { isObject, textAt, type Json } from '../schema/json.js';

/** What one operation of a description is read with. */
export interface Reading {
  readonly resolve: Resolve;
  readonly notes: Notes;
  /** `GET /pets/{id}`, in messages. */
  readonly where: string;
}

/** Finds what `#/components/schemas/Pet` names. */
export function resolverOf(document: Json): Resolve {
  return (ref) => {
    if (!ref.startsWith('#/')) return undefined;
    const tokens = ref
      .slice(2)
      .split('/')
      .map((token) => decoded(token).replaceAll('~1', '/').replaceAll('~0', '~'));
    let value: unknown = document;
    for (const token of tokens) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, token)) return undefined;
      value = (value as Json)[token];
    }
    const title = isObject(value) ? textAt(value, 'title') : undefined;
    const last = tokens.at(-1) ?? '';
    // What stood in a file of its own is found where it was first used.
    const isNamed = tokens[0] === 'components' && tokens.length === 3;
    return {
      name: isNamed ? last : (title ?? (['schema', 'items'].includes(last) ? 'schema' : last)),
      schema: value,
    };
  };
}

function decoded(token: string): string {
  try {
    return decodeURIComponent(token);
  } catch {
    return token;
  }
}

/** What a path item, a parameter, a body or an answer is, where it is said elsewhere. */
export function followed(json: Json, resolve: Resolve, steps = 0): Json {
  const ref = textAt(json, '$ref');
  if (ref === undefined) return json;
  const found = steps > 20 ? undefined : resolve(ref)?.schema;
  if (!isObject(found))
    throw new Refusal(`the description refers to ${ref.slice(0, 200)}, which is not there`);
  return followed(found, resolve, steps + 1);
}
