import type { Caller, Operation } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { refusedInput, textReader } from '../answers/input.js';
import type { RequestContext } from '../request/context.js';
import type { Sources } from './route.js';

type Json = Readonly<Record<string, unknown>>;

/** Makes the function that reads an operation's input from the places a route names. A field that none is named for is a 400. */
export function inputBinder(operation: Operation, sources: Sources): (context: RequestContext) => Json {
  const addText = textReader(operation.input);
  const namesIn = (place: string) =>
    new Set([...sources.values()].filter(({ from }) => from === place).map(({ name }) => name));
  const queryNames = namesIn('query');
  const bodyNames = namesIn('body');
  return ({ raw: request, caller }) => {
    const query = request.query as Json;
    const body = (request.body ?? NO_BODY) as Json;
    if (!hasOnly(query, queryNames) || !hasOnly(body, bodyNames))
      throw refusedNames([...unknownOf(query, queryNames), ...unknownOf(body, bodyNames)]);
    const input: Record<string, unknown> = {};
    for (const [field, { from, name }] of sources) {
      if (from === 'path') addText(input, field, (request.params as Json)[name]);
      else if (from === 'query') addText(input, field, query[name]);
      else if (from === 'header') addText(input, field, request.headers[name]);
      else if (from === 'caller') input[field] = ofCaller(caller, name as keyof Caller);
      else if (body[name] !== undefined) input[field] = body[name];
    }
    return input;
  };
}

const NO_BODY: Json = Object.freeze({});

/** What a route needs of its caller and the caller does not have is a matter of rights, not of input. */
function ofCaller(caller: Caller | undefined, name: keyof Caller): unknown {
  const value = caller?.[name];
  if (value === undefined) throw new Fault('access.denied', 403, `Your sign-in has no ${name}.`);
  return value;
}

function hasOnly(given: Json, names: ReadonlySet<string>): boolean {
  for (const name in given) if (!names.has(name)) return false;
  return true;
}

function unknownOf(given: Json, names: ReadonlySet<string>): string[] {
  return Object.keys(given).filter((name) => !names.has(name));
}

function refusedNames(names: readonly string[]): Fault {
  return refusedInput(names.map((field) => ({ field, message: 'There is no such field.' })));
}
