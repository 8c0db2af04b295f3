import ts from 'typescript';
import type { Notes } from '../notes.js';
import { decoratorsOf, valueOf } from './values.js';

/** A method that answers messages of one pattern. */
export interface Handler {
  readonly pattern: unknown;
  readonly method: ts.MethodDeclaration;
  /** `UsersController.findOne`, in messages. */
  readonly where: string;
}

/** The handlers of a file. Events, which nobody answers, are named and left out. */
export function handlersIn(file: ts.SourceFile, checker: ts.TypeChecker, notes: Notes): readonly Handler[] {
  const found: Handler[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isClassDeclaration(node))
      for (const member of node.members)
        if (ts.isMethodDeclaration(member)) found.push(...handlersOf(member, node));
    ts.forEachChild(node, visit);
  };
  const handlersOf = (method: ts.MethodDeclaration, owner: ts.ClassDeclaration): readonly Handler[] =>
    decoratorsOf(method).flatMap(({ name, call }) => {
      const where = `${owner.name?.text ?? ''}.${method.name.getText(file)}`;
      if (name === 'GrpcMethod' || name === 'GrpcStreamMethod')
        notes.add('is left out, as it answers gRPC', where);
      if (name !== 'MessagePattern' && name !== 'EventPattern') return [];
      const [argument] = call.arguments;
      const pattern = argument && valueOf(argument, checker);
      if (name === 'EventPattern')
        notes.add('is left out: it takes an event, which has no answer', `${where} (${shown(pattern)})`);
      else if (pattern === undefined) notes.add('is left out: its pattern is no constant', where);
      else return [pattern].flat().map((each: unknown) => ({ pattern: each, method, where }));
      return [];
    });
  visit(file);
  return found;
}

export const shown = (pattern: unknown): string =>
  typeof pattern === 'string' ? pattern : (JSON.stringify(pattern) ?? 'no constant');
