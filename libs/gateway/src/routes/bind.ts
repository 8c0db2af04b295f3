import type { Caller, Operation } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { refusedInput, textReader } from '../answers/input.js';
import type { RequestContext } from '../request/context.js';
import type { Sources } from './route.js';

type Json = Readonly<Record<string, unknown>>;

/** Makes the function that reads an operation's input from the places a route names. A field that none is named for is a 400. */
export function inputBinder(operation: Operation, sources: Sources): (context: RequestContext) => Json {
  const read = textReader(operation.input);
  const namesIn = (place: string) =>
    [...sources.values()].filter(({ from }) => from === place).map(({ name }) => name);
  const allowed = { query: new Set(namesIn('query')), body: new Set(namesIn('body')) };

  return ({ raw: request, caller }) => {
    const query = request.query as Json;
    const body = (request.body ?? {}) as Json;
    refuseUnknown([...unknownOf(query, allowed.query), ...unknownOf(body, allowed.body)]);
    const text: Record<string, unknown> = {};
    const typed: Record<string, unknown> = {};
    for (const [field, { from, name }] of sources) {
      if (from === 'path') text[field] = (request.params as Json)[name];
      else if (from === 'query') text[field] = query[name];
      else if (from === 'header') text[field] = request.headers[name];
      else if (from === 'body') typed[field] = body[name];
      else typed[field] = ofCaller(caller, name as keyof Caller);
    }
    return { ...defined(typed), ...read(text) };
  };
}

/** What a route needs of its caller and the caller does not have is a matter of rights, not of input. */
function ofCaller(caller: Caller | undefined, name: keyof Caller): unknown {
  const value = caller?.[name];
  if (value === undefined) throw new Fault('access.denied', 403, `Your sign-in has no ${name}.`);
  return value;
}

function unknownOf(given: Json, allowed: ReadonlySet<string>): string[] {
  return Object.keys(given).filter((name) => !allowed.has(name));
}

function refuseUnknown(names: readonly string[]): void {
  if (names.length === 0) return;
  throw refusedInput(names.map((field) => ({ field, message: 'There is no such field.' })));
}

function defined(values: Json): Json {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
