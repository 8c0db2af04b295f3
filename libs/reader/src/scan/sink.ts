import type { BooleanNode, ListNode, NumberNode, ObjectNode, TextNode, WordNode } from '../contract/model.js';

/** A leaf: what has nothing inside. */
export type Leaf = TextNode | NumberNode | WordNode | BooleanNode;

/** One field of an object that was walked, and the variable that holds its value. */
export interface Gathered {
  readonly name: string;
  readonly variable: string;
  readonly isOptional: boolean;
}

/**
 * What is made of an answer while it is walked: the emitter writes the walk, and a sink the lines that keep something of
 * it. In all of them `p` is where the walk is, and `bytes` the answer. A sink that makes no values is handed no variables.
 */
export interface Sink {
  /** Whether what is walked becomes values, in variables. */
  readonly makesValues: boolean;
  /** A leaf that begins at the position in the variable `from` (a string: behind its quote) and ends at `p`. */
  leaf(node: Leaf, from: string, into: string): string;
  /** A list before its first element, one more element, and its end. */
  beginList(into: string): string;
  addElement(list: string, element: string): string;
  endList(node: ListNode, into: string): string;
  /** An object whose fields are in variables. */
  object(node: ObjectNode, fields: readonly Gathered[], into: string): string;
  /** What lies between two positions is not kept. */
  drop(start: string, end: string): string;
}
