import ts from 'typescript';
import { patternText, type MessagePattern } from '@facet/contracts';
import { Refusal } from '../../refusal.js';
import type { Described, DescribedOperation } from '../model.js';
import type { Notes } from '../notes.js';
import { mergedOf } from '../schema/all.js';
import { capital, camelOf, constant, FreeNames } from '../schema/names.js';
import { sentenceOf } from '../schema/text.js';
import { handlersIn, type Handler } from './handlers.js';
import { nestSources } from './program.js';
import { TypeReader } from './types.js';
import { decoratorsOf, saidOf, valueOf } from './values.js';

/** How methods are called that only read. */
const READS =
  /^(?:get|find|list|search|count|read|fetch|load|lookup|query|show|check|exists|has|is|by|all|one|many)(?![a-z])/;

/**
 * What the handlers of a Nest service say of it.
 *
 * @throws Refusal where there is none, or a pattern has two
 */
export function describedByNest(
  place: string,
  {
    root,
    service,
    source,
    notes,
  }: { readonly root: string; readonly service: string; readonly source: string; readonly notes: Notes },
): Described {
  const { program, files } = nestSources(place, root);
  const checker = program.getTypeChecker();
  const handlers = files.flatMap((file) => handlersIn(file, checker, notes));
  refuseTwice(handlers);
  const types = new TypeReader(checker, notes);
  const names = new FreeNames();
  const operations = handlers.flatMap((handler) =>
    operationOf(handler, { checker, types, names, service, notes }),
  );
  if (operations.length === 0)
    throw new Refusal(`${place} has no handler that answers: a method with @MessagePattern`);
  return { source, kind: 'tcp', operations, resolve: types.resolve };
}

/** Nest would take the last of them. */
function refuseTwice(handlers: readonly Handler[]): void {
  const known = new Map<string, string>();
  for (const { pattern, where } of handlers) {
    const text = patternText(pattern as MessagePattern);
    const other = known.get(text);
    if (other !== undefined) throw new Refusal(`the pattern ${text} has two handlers: ${other} and ${where}`);
    known.set(text, where);
  }
}

interface Reading {
  readonly checker: ts.TypeChecker;
  readonly types: TypeReader;
  readonly names: FreeNames;
  readonly service: string;
  readonly notes: Notes;
}

function operationOf({ pattern, method, where }: Handler, reading: Reading): readonly DescribedOperation[] {
  const { types, names, service, notes } = reading;
  const called = nameOf(pattern, service);
  const payload = payloadOf(method, reading, where);
  const kind = READS.test(called) || READS.test(method.name.getText()) ? 'query' : 'command';
  const isObject = payload === undefined || mergedOf([payload], types.resolve) !== undefined;
  if (!isObject && kind === 'command') {
    notes.add('is left out: its payload is no object with fields, which the input of a command is', where);
    return [];
  }
  const name = names.free(constant(called, capital(camelOf(service, 'service'))), 'Message');
  notes.add(
    kind === 'query'
      ? 'is a query, by its name: it may be repeated'
      : 'is a command, which is not repeated: make it a query where it only reads',
    name,
  );
  const summary = sentenceOf(saidOf(method)) ?? where;
  const own = `${service}.${name}`;
  return [
    {
      ...{ name, kind, summary, where, fields: [], ...answerOf(method, reading, where) },
      ...(payload === undefined ? {} : { body: { schema: payload, isRequired: true } }),
      ...(pattern === own ? {} : { message: pattern }),
    },
  ];
}

/** `findOne`, of `users.findOne`, of `users.find-one` and of `{ cmd: 'find_one' }`. */
function nameOf(pattern: unknown, service: string): string {
  const texts = typeof pattern === 'object' && pattern !== null ? Object.values(pattern) : [pattern];
  const text = texts.filter((each) => typeof each === 'string').join(' ');
  const prefix = [service, service.replaceAll('-', '_'), camelOf(service, 'service')].find((each) =>
    new RegExp(`^${each}[^A-Za-z0-9]`).test(text),
  );
  return camelOf(prefix === undefined ? text : text.slice(prefix.length), 'message');
}

/** The type of what a handler is sent; undefined where it takes nothing. */
function payloadOf(method: ts.MethodDeclaration, { checker, types }: Reading, where: string): unknown {
  const decorated = method.parameters.map((parameter) => ({
    parameter,
    decorators: decoratorsOf(parameter),
  }));
  const payloads = decorated.filter(({ decorators }) =>
    decorators.some(({ name }) => name === 'Payload' || name === 'Body'),
  );
  const [first] = decorated;
  if (payloads.length === 0) {
    const isPlain = first !== undefined && decorated.every(({ decorators }) => decorators.length === 0);
    return isPlain ? types.read(checker.getTypeAtLocation(first.parameter), where) : undefined;
  }
  const fields = payloads.map(({ parameter, decorators }) => {
    const [argument] =
      decorators.find(({ name }) => name === 'Payload' || name === 'Body')?.call.arguments ?? [];
    const field = argument === undefined ? undefined : valueOf(argument, checker);
    return { field, schema: types.read(checker.getTypeAtLocation(parameter), where) };
  });
  const whole = fields.find(({ field }) => typeof field !== 'string');
  if (whole !== undefined) return whole.schema;
  const properties = Object.fromEntries(fields.map(({ field, schema }) => [field as string, schema]));
  return { type: 'object', properties, required: Object.keys(properties) };
}

/** The type of what a handler answers; its `output` is undefined where that is nothing. */
function answerOf(
  method: ts.MethodDeclaration,
  { checker, types, notes }: Reading,
  where: string,
): Pick<DescribedOperation, 'output' | 'mayBeNothing'> {
  const signature = checker.getSignatureFromDeclaration(method);
  // As it is written, where the packages of the service are not installed: their Promise or Observable is not known then.
  const written =
    method.type === undefined ? undefined : unwrapped(method.type, (name) => noteValues(name, where, notes));
  const type =
    written === undefined
      ? signature && awaited(signature.getReturnType(), checker, where, notes)
      : checker.getTypeFromTypeNode(written);
  if (
    type === undefined ||
    (type.flags & (ts.TypeFlags.Void | ts.TypeFlags.Undefined | ts.TypeFlags.Never)) !== 0
  )
    return { output: undefined };
  const schema = types.read(type, `${where} answer`);
  const mayBeNothing =
    type.isUnion() &&
    type.types.some(({ flags }) => (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)) !== 0);
  return { output: schema, mayBeNothing };
}

const WRAPPERS: ReadonlySet<string> = new Set(['Promise', 'Observable']);

function noteValues(name: string, where: string, notes: Notes): void {
  if (name === 'Observable')
    notes.add(
      'answers with an Observable: its first value is the answer (say values: last or all else)',
      where,
    );
}

function unwrapped(node: ts.TypeNode, on: (name: string) => void): ts.TypeNode {
  if (!ts.isTypeReferenceNode(node)) return node;
  const name = node.typeName.getText();
  const [inner] = node.typeArguments ?? [];
  if (!WRAPPERS.has(name) || inner === undefined) return node;
  on(name);
  return unwrapped(inner, on);
}

function awaited(type: ts.Type, checker: ts.TypeChecker, where: string, notes: Notes): ts.Type {
  const name = type.getSymbol()?.getName() ?? '';
  const [inner] = WRAPPERS.has(name) ? checker.getTypeArguments(type as ts.TypeReference) : [];
  if (inner === undefined) return type;
  noteValues(name, where, notes);
  return awaited(inner, checker, where, notes);
}
