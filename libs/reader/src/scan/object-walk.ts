import type { Field, ObjectNode } from '../contract/model.js';
import type { KeyLayout } from './layout.js';

/** A key as it is walked over. */
export interface WalkedKey extends KeyLayout {
  readonly field: Field | undefined;
  readonly mayMiss: boolean;
  /** What stands before it: for sure, or whichever it is at run time. */
  readonly lead: '{' | ',' | 'either';
  /** Whether a field that is kept stands before it for sure. */
  readonly isBehindKept: boolean;
}

/** The keys of an object in the order of its layout, and what is sure of each. */
export class ObjectWalk {
  readonly keys: readonly WalkedKey[];
  /** Whether one key at least is there for sure. */
  readonly isNeverEmpty: boolean;

  constructor(node: ObjectNode, layout: readonly KeyLayout[]) {
    let isSure = false;
    let isBehindKept = false;
    this.keys = completed(node, layout).map((key, index) => {
      const field = node.fields.get(key.name);
      const mayMiss = field?.isRead === true ? field.isOptional : !key.isAlways;
      const lead = isSure ? ',' : index === 0 ? '{' : 'either';
      const walked: WalkedKey = { ...key, field, mayMiss, lead, isBehindKept };
      isSure ||= !mayMiss;
      isBehindKept ||= !mayMiss && field?.isRead === true;
      return walked;
    });
    this.isNeverEmpty = isSure;
  }
}

/** What is read and has not been seen yet stands last. */
function completed(node: ObjectNode, layout: readonly KeyLayout[]): readonly KeyLayout[] {
  const seen = new Set(layout.map(({ name }) => name));
  const unseen = [...node.fields]
    .filter(([name, { isRead }]) => isRead && !seen.has(name))
    .map(([name]) => ({ name, isAlways: false, isOdd: false, below: undefined }));
  return [...layout, ...unseen];
}
