import type { z } from 'zod';
import { CheckedReading } from './checked.js';
import { CompiledReading } from './compiled.js';
import { modelOf, type FirstOf, type LeftToZod } from './contract/model.js';
import { fieldTreeOf } from './contract/field-tree.js';
import { canGenerateCode } from './scan/compile.js';

/** What is read of an operation's answers. The `Selection` of a call is one. */
export interface Reading {
  readonly operation: { readonly pattern: string; readonly output: z.core.$ZodType };
  /** The fields that are read, as paths (`items.price.amount`); all of them where absent. */
  readonly fields?: readonly string[] | undefined;
  /** Only the first `count` elements of the list (or lists) at this path are read; that list may then have any length. */
  readonly first?: FirstOf | undefined;
  /** The answer is passed on: it is read as JSON text. */
  readonly opaque?: boolean | undefined;
}

/** How a reader reads, for the log of a gateway's start. */
export interface ReaderDescription {
  readonly operation: string;
  /** `compiled`: from the bytes, in one walk. `zod`: by `JSON.parse` and zod, for the reasons in `leftToZod`. */
  readonly way: 'compiled' | 'zod';
  readonly leftToZod: readonly LeftToZod[];
}

/**
 * Compiles how the answers of an operation are read. Once at boot for each operation and what is read of it: it takes
 * some milliseconds, and learns the order in which a service writes its keys from the first answers.
 * Throws a `RangeError` on a path that is none.
 *
 * For routing: one reader for each `Selection`, made with it; `selection.operation`, `fields`, `first` and `opaque` are
 * what it takes. A call asks the service for `reader.asks`, stock or ours, and gives every answer's bytes to
 * `reader.read` while they are there (a channel's buffer is good for that). Its `AnswerRefused` is `upstream.bad-reply`,
 * with `field` and `code` for the log; `description` of all readers is worth a line at boot.
 */
export function compileReader(reading: Reading): AnswerReader {
  return new AnswerReader(reading);
}

export class AnswerReader {
  /**
   * The fields that a service may be asked for, so that what it then leaves out is missed by no check. Wider than what is
   * read where the contract looks at more: at a whole object, because of a refinement, or at a whole union.
   */
  readonly asks: readonly string[] | undefined;
  readonly description: ReaderDescription;
  readonly #checked: CheckedReading;
  readonly #compiled: CompiledReading | undefined;
  readonly #isOpaque: boolean;

  constructor({ operation, fields, first, opaque = false }: Reading) {
    const { pattern, output } = operation;
    this.#isOpaque = opaque;
    this.#checked = new CheckedReading(output, { pattern, fields, first });
    this.asks = fields && widened(fields, this.#checked.whole);
    const { node, leftToZod } = modelOf(output, fieldTreeOf(fields), first);
    const isCompiled = node !== undefined && canGenerateCode;
    if (isCompiled) this.#compiled = new CompiledReading(node, opaque);
    const refused = canGenerateCode ? [] : [{ field: '', reason: 'this process may not make code of text' }];
    this.description = {
      operation: pattern,
      way: isCompiled ? 'compiled' : 'zod',
      leftToZod: [...leftToZod, ...refused],
    };
  }

  /**
   * What is read of an answer whose JSON lies in `bytes` from `start` to `end`: held to its contract and cut to the fields
   * that are read; its JSON (a string) where opaque, else its value. The bytes are not kept and not changed. Strings of a
   * value may keep the text of the whole answer alive. Throws `AnswerRefused`, and nothing else.
   */
  read(bytes: Buffer, start = 0, end = bytes.length): unknown {
    const body = start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end);
    const compiled = this.#compiled?.read(body);
    if (compiled !== undefined) return compiled;
    const { answer, value } = this.#checked.read(body);
    this.#compiled?.learn(answer);
    if (!this.#isOpaque) return value;
    // The walk keeps the order in which the service wrote the keys: the first answer is then cut as all later ones are.
    return this.#compiled?.read(body) ?? this.#checked.write(value);
  }

  /** The same of an answer that is text already. */
  readText(json: string): unknown {
    return this.read(Buffer.from(json));
  }
}

function widened(fields: readonly string[], whole: readonly string[]): readonly string[] | undefined {
  if (whole.includes('')) return undefined;
  const wide = fields.map((field) => whole.find((path) => field.startsWith(`${path}.`)) ?? field);
  return [...new Set(wide)];
}
