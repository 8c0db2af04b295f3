import type { Deprecation } from '@facet/contracts';
import type { DeprecatedField } from '../openapi/deprecated-fields.js';
import { operationOf } from '../openapi/operation.js';
import type { Route } from './route.js';

/** Everything of a route that is to go: the route itself, and fields of what it takes and of what it answers. */
export interface Deprecations {
  readonly isRoute: boolean;
  readonly inputs: readonly DeprecatedInput[];
  readonly answers: readonly DeprecatedField[];
}

interface DeprecatedInput extends DeprecatedField {
  readonly isSent: (request: SentRequest) => boolean;
}

/** What of a request may have a field. */
interface SentRequest {
  readonly raw: {
    readonly query: unknown;
    readonly headers: Readonly<Record<string, unknown>>;
    readonly body?: unknown;
  };
}

const known = new WeakMap<Route, Deprecations>();

/** What the route's own description says, read once. */
export function deprecationsOf(route: Route): Deprecations {
  let found = known.get(route);
  if (found === undefined) known.set(route, (found = read(route)));
  return found;
}

function read(route: Route): Deprecations {
  const described = operationOf(route, { authenticator: undefined, counted: false, sheds: false });
  const fields = (described['x-facet-deprecated'] ?? []) as readonly DeprecatedField[];
  const isAnswered = ({ field }: DeprecatedField) => field.startsWith('answer ');
  return {
    isRoute: route.deprecated !== undefined,
    inputs: fields
      .filter((each) => !isAnswered(each))
      .map((each) => ({ ...each, isSent: sentReader(each.field) })),
    answers: fields.filter(isAnswered),
  };
}

/** Whether a request has the field. */
function sentReader(field: string): (request: SentRequest) => boolean {
  const [place = '', name = ''] = field.split(' ', 2);
  if (place === 'query') return ({ raw }) => name in (raw.query as object);
  if (place === 'header') return ({ raw }) => raw.headers[name.toLowerCase()] !== undefined;
  if (place !== 'body') return () => true;
  const path = name.split('.');
  return ({ raw }) => isAt(raw.body, path);
}

function isAt(value: unknown, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return true;
  if (Array.isArray(value)) return value.some((each) => isAt(each, [name, ...rest]));
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return false;
  return isAt((value as Record<string, unknown>)[name], rest);
}

/** What every answer says of its fields that are to go; where it depends on the request, `sayDeprecated` does. */
export function answerFields(route: Route): Readonly<Record<string, string>> {
  const { isRoute, inputs, answers } = deprecationsOf(route);
  return isRoute || inputs.length > 0 ? {} : fieldsFor(answers);
}

/**
 * `Deprecation` (RFC 9745) and `Sunset` (RFC 8594): the first days of all. They speak of the whole resource; the links say
 * which fields are meant, each by its `title`. A field that does not say since when is in the document alone.
 */
export function fieldsFor(all: readonly DeprecatedField[]): Readonly<Record<string, string>> {
  const dated = all.filter((each): each is DeprecatedField & Deprecation => each.since !== undefined);
  const [first] = dated.map(({ since }) => since).sort();
  if (first === undefined) return {};
  const [sunset] = dated.flatMap((each) => each.sunset ?? []).sort();
  return {
    deprecation: `@${Date.parse(first) / 1_000}`,
    ...(sunset === undefined ? {} : { sunset: new Date(sunset).toUTCString() }),
    link: dated.map(({ field, link = '' }) => `<${link}>; rel="deprecation"; title="${field}"`).join(', '),
  };
}
