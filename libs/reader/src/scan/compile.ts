import { Cut } from '../bytes/cut.js';
import { integerEnd, numberEnd, numberOf } from '../bytes/numbers.js';
import { skip } from '../bytes/skip.js';
import { lastString, stringEnd, stringOf } from '../bytes/strings.js';
import type { Node } from '../contract/model.js';
import { emit } from './emitter.js';
import type { Layout } from './layout.js';
import type { Sink } from './sink.js';

/** A compiled walk over answers of one contract whose keys stand in one order. */
export interface Walk {
  /**
   * Walks over an answer at the beginning of `bytes`, a NUL behind it; `latin1` is all of it where values are made.
   * Returns where the walk ended: behind the answer, or -1 where anything was unexpected.
   */
  walk(bytes: Buffer, view: DataView, latin1: string): number;
  /** The value that the last walk made; undefined where it makes none. */
  take(): unknown;
}

const runtime = { skip, stringEnd, stringOf, integerEnd, numberEnd, numberOf, lastString };

/** What a text's walk drops is dropped from here: what is walked is never two answers at once. */
export const cut = new Cut();

/** Whether this process may make code of text; where not (`--disallow-code-generation-from-strings`) zod does all. */
export const canGenerateCode = tryGenerating();

export function compile(node: Node, layout: Layout | undefined, sink: Sink): Walk {
  const { functions, root, constants } = emit(node, layout, sink);
  const source = `'use strict';
let result, made;
${functions.join('\n')}
return {
walk(bytes, view, latin1) { let p = 0;
${root}
return p; },
take() { const taken = result; result = made = undefined; return taken; } };`;
  const names = [...Object.keys(runtime), 'cut', ...constants.map((_, index) => `c${index}`)];
  return make(names, source)(...Object.values(runtime), cut, ...constants) as Walk;
}

function make(names: readonly string[], source: string): (...values: unknown[]) => unknown {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- compiling is what this is for; see `emit` for what goes in
  return new Function(...names, source) as (...values: unknown[]) => unknown;
}

function tryGenerating(): boolean {
  try {
    make([], '');
    return true;
  } catch {
    return false;
  }
}
