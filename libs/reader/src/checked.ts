import { isUtf8 } from 'node:buffer';
import { pickerOf, type Picker } from '@facet/contracts';
import { z } from 'zod';
import { isTooDeep } from './bytes/skip.js';
import { fieldTreeOf } from './contract/field-tree.js';
import type { FirstOf } from './contract/model.js';
import { namesIn } from './contract/names.js';
import { narrow, type Narrowed } from './contract/narrow.js';
import { AnswerRefused, type RefusalCode } from './refusal.js';

/** An answer as it came, and what is read of it. */
export interface Checked {
  readonly answer: unknown;
  readonly value: unknown;
}

interface Options {
  readonly pattern: string;
  readonly fields: readonly string[] | undefined;
  readonly first: FirstOf | undefined;
}

/**
 * Reads an answer by `JSON.parse` and zod: slow, and the one place where it is decided that an answer is refused. zod
 * takes the contract as far as it is read, compiled where this process may make code.
 */
export class CheckedReading {
  /** Paths that a service has to answer whole, as the contract looks at more than is read. */
  readonly whole: Narrowed['whole'];
  readonly #schema: z.core.$ZodType;
  /** What cuts where the contract as far as it is read has more. */
  readonly #pick: Picker | undefined;
  readonly #names: ReadonlySet<PropertyKey>;

  constructor(
    output: z.core.$ZodType,
    private readonly options: Options,
  ) {
    const { schema, isCut, whole } = narrow(output, fieldTreeOf(options.fields), options.first?.list);
    this.whole = whole;
    this.#schema = z.compile(schema);
    if (!isCut) this.#pick = pickerOf({ ...(options.fields && { fields: options.fields }) });
    this.#names = namesIn(output);
  }

  /** Throws `AnswerRefused`, and nothing else. */
  read(body: Buffer): Checked {
    if (!isUtf8(body)) throw this.#refusal('', 'invalid_utf8');
    if (isTooDeep(body)) throw this.#refusal('', 'too_deep');
    const answer = this.#parse(body);
    const { first } = this.options;
    if (first !== undefined) keepFirst(answer, first.list.split('.'), first.count);
    const value = this.#check(answer);
    return { answer, value: this.#pick === undefined ? value : this.#pick(value) };
  }

  /** The JSON of what was read. */
  write(value: unknown): string {
    try {
      return JSON.stringify(value) ?? 'null';
    } catch (cause) {
      throw this.#refusal('', 'not_json', cause);
    }
  }

  #parse(body: Buffer): unknown {
    try {
      return JSON.parse(body.toString('utf8', 0, body.length));
    } catch {
      // Its message quotes the answer.
      throw this.#refusal('', 'invalid_json');
    }
  }

  #check(answer: unknown): unknown {
    let result: z.core.util.SafeParseResult<unknown>;
    try {
      result = z.safeParse(this.#schema, answer);
    } catch (cause) {
      throw this.#refusal('', 'check_failed', cause);
    }
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    throw this.#refusal(this.#fieldOf(issue?.path ?? []), issue?.code ?? 'custom');
  }

  /** A name that the contract does not have is the service's, and as good as a value. */
  #fieldOf(path: readonly PropertyKey[]): string {
    return path.map((key) => (typeof key === 'number' || this.#names.has(key) ? String(key) : '*')).join('.');
  }

  #refusal(field: string, code: RefusalCode, cause?: unknown): AnswerRefused {
    return new AnswerRefused(this.options.pattern, field, code, cause === undefined ? undefined : { cause });
  }
}

/** Takes all but the first elements out of freshly parsed lists. */
function keepFirst(value: unknown, names: readonly string[], count: number): void {
  if (Array.isArray(value)) {
    if (names.length === 0) value.length = Math.min(value.length, count);
    else for (const each of value) keepFirst(each, names, count);
    return;
  }
  const [name, ...below] = names;
  if (name === undefined || typeof value !== 'object' || value === null || !Object.hasOwn(value, name))
    return;
  keepFirst((value as Record<string, unknown>)[name], below, count);
}
