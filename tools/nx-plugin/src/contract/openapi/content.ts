import type { DescribedBody, DescribedOperation } from '../model.js';
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

/** What the answers hold that mean success; its `output` is undefined where they hold nothing. */
export function outputOf(
  operation: Json,
  { resolve, notes, where }: Reading,
): Pick<DescribedOperation, 'output' | 'mayBeNothing'> | 'none that is known' {
  const responses = Object.entries(objectAt(operation, 'responses') ?? {});
  const good = responses.filter(([status]) => /^2(?:\d\d|XX)$/i.test(status));
  const told = good.length > 0 ? good : responses.filter(([status]) => status === 'default');
  if (told.length === 0) {
    notes.add('it does not say what it answers (z.unknown())', where);
    return { output: true };
  }
  const contents = told.map(
    ([, said]) => objectAt(isObject(said) ? followed(said, resolve) : {}, 'content') ?? {},
  );
  const schemas = contents.flatMap(answeredIn);
  const distinct = [...new Map(schemas.map((each) => [JSON.stringify(each), each])).values()];
  const others = contents.flatMap((content) => (answeredIn(content).length > 0 ? [] : Object.keys(content)));
  if (others.length > 0) {
    const what = others.join(', ').slice(0, 100);
    if (schemas.length > 0) notes.add(`what it may answer as ${what} is left out`, where);
    else notes.add(`is left out, as it answers no JSON but ${what}`, where);
  }
  if (schemas.length === 0) return others.length > 0 ? 'none that is known' : { output: undefined };
  const mayBeNothing = contents.some((content) => Object.keys(content).length === 0);
  return { output: distinct.length === 1 ? distinct[0] : { anyOf: distinct }, mayBeNothing };
}

/** The schema of JSON among several kinds of content, or of a plain text, which is a string. */
function answeredIn(content: Json): readonly unknown[] {
  const json = jsonIn(content);
  if (json !== undefined) return [schemaOf(json)];
  return Object.keys(content).some((type) => /^text\/plain\b/i.test(type)) ? [{ type: 'string' }] : [];
}
