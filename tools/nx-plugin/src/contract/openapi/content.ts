import type { DescribedBody } from '../model.js';
import { isObject, objectAt, ownOf, type Json } from '../schema/json.js';
import { followed, type Reading } from './reading.js';

/** The schema of JSON among several kinds of content; `undefined` where there is none, `{}` where it is any. */
function jsonIn(content: Json): Json | undefined {
  const types = Object.keys(content);
  const type =
    types.find((each) => /^application\/json\b/i.test(each)) ??
    types.find((each) => /^[\w.+-]+\/(?:[\w.-]+\+)?json\b/i.test(each)) ??
    types.find((each) => each === '*/*' || each === 'application/*');
  if (type === undefined) return undefined;
  return objectAt(content, type) ?? {};
}

const schemaOf = (media: Json): unknown => ownOf(media, 'schema') ?? true;

/** The body of a request: JSON alone is sent. */
export function bodyOf(
  operation: Json,
  { resolve, notes, where }: Reading,
  hasNone: boolean,
): DescribedBody | 'none that is known' | undefined {
  const said = objectAt(operation, 'requestBody');
  if (said === undefined) return undefined;
  const body = followed(said, resolve);
  const content = objectAt(body, 'content') ?? {};
  const isRequired = ownOf(body, 'required') === true;
  const json = jsonIn(content);
  if (hasNone) {
    notes.add('the body of a GET or HEAD is not sent', where);
    return undefined;
  }
  if (json === undefined) {
    notes.add(`is left out, as it takes no JSON but ${Object.keys(content).join(', ').slice(0, 100)}`, where);
    return 'none that is known';
  }
  return { schema: schemaOf(json), isRequired };
}

/** What the first answer of those that mean success holds; undefined where it holds nothing. */
export function outputOf(
  operation: Json,
  { resolve, notes, where }: Reading,
): { readonly schema: unknown } | 'none that is known' {
  const responses = Object.entries(objectAt(operation, 'responses') ?? {});
  const good = responses
    .filter(([status]) => /^2(?:\d\d|XX)$/i.test(status))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const [first] = good.length > 0 ? good : responses.filter(([status]) => status === 'default');
  if (first === undefined) {
    notes.add('it does not say what it answers (z.unknown())', where);
    return { schema: true };
  }
  const contents = good.length > 0 ? good : [first];
  const answers = contents.map(
    ([, said]) => objectAt(isObject(said) ? followed(said, resolve) : {}, 'content') ?? {},
  );
  const schemas = answers.flatMap((content) => {
    const json = jsonIn(content);
    return json === undefined ? [] : [schemaOf(json)];
  });
  const distinct = schemas.filter(
    (each, at) => schemas.findIndex((other) => JSON.stringify(other) === JSON.stringify(each)) === at,
  );
  if (distinct.length > 1) return { schema: { anyOf: distinct } };
  if (distinct.length === 1) return { schema: distinct[0] };
  const others = answers.flatMap((content) => Object.keys(content));
  if (others.length === 0) return { schema: undefined };
  notes.add(`is left out, as it answers no JSON but ${others.join(', ').slice(0, 100)}`, where);
  return 'none that is known';
}
