import type { z } from 'zod';
import { unescaped } from '../bytes/strings.js';

import { leafTest } from './leaf-test.js';
import { bytePattern, type ByteTest } from './pattern.js';
import { checksOf, hasCondition } from './schema.js';

/** Whether a string holds to its contract, by its bytes between the quotes. */
export interface TextRule {
  holds(bytes: Buffer, from: number, end: number, isPlain: boolean): boolean;
}

/** Formats of zod that are a pattern and nothing else. */
const PATTERNS = new Set(
  'regex email guid uuid emoji nanoid cuid cuid2 ulid xid ksuid datetime date time duration ipv4 e164 lowercase uppercase'.split(
    ' ',
  ),
);

/** URLs of which nobody need ask: no host that could be a number or encoded, and nothing to be escaped in the path. */
const isPlainUrl = bytePattern(
  /^https?:\/\/[a-wyz][a-z0-9]*(?:[.-][a-wyz][a-z0-9]*)*(?::\d{1,4})?\/[\w.~/-]*$/,
);

/**
 * The rule of a string; undefined where any will do; a text says why there is none. Lengths and patterns of a plain
 * string are tested as zod does, on the bytes where the pattern is simple; whatever else there is, zod tests.
 */
export function textRule(schema: z.core.$ZodString): TextRule | undefined | string {
  if (schema._zod.def.coerce) return 'a coercion';
  const checks = checksOf(schema);
  if (checks.length === 0) return undefined;
  if (checks.some(({ _zod }) => _zod.def.check === 'overwrite')) return 'a transform';
  return new Rule(schema, checks);
}

class Rule implements TextRule {
  readonly #min: number;
  readonly #max: number;
  readonly #bytes: readonly ByteTest[];
  readonly #patterns: readonly RegExp[];
  /** Where only zod knows: a shortcut that may say yes, and zod itself. */
  readonly #shortcut: ByteTest | undefined;
  readonly #isKnown: boolean;
  readonly #zod: (value: unknown) => boolean;

  constructor(schema: z.core.$ZodString, checks: ReturnType<typeof checksOf>) {
    const known = checks.map(knownCheck);
    this.#min = Math.max(0, ...known.map(({ min = 0 }) => min));
    this.#max = Math.min(Infinity, ...known.map(({ max = Infinity }) => max));
    this.#bytes = known.flatMap(({ bytes }) => bytes ?? []);
    this.#patterns = known.flatMap(({ pattern }) => pattern ?? []);
    const unknown = known.filter(({ isUnknown }) => isUnknown);
    this.#shortcut = unknown.length === 1 ? unknown[0]?.shortcut : undefined;
    this.#isKnown = unknown.length === 0;
    this.#zod = leafTest(schema);
  }

  holds(bytes: Buffer, from: number, end: number, isPlain: boolean): boolean {
    if (!isPlain) return this.#zod(unescaped(bytes, from, end));
    if (end - from < this.#min || end - from > this.#max) return false;
    for (const test of this.#bytes) if (!test(bytes, from, end)) return false;
    const isEnough = this.#isKnown || this.#shortcut?.(bytes, from, end) === true;
    if (isEnough && this.#patterns.length === 0) return true;
    const text = bytes.toString('latin1', from, end);
    return isEnough ? this.#patterns.every((pattern) => matches(pattern, text)) : this.#zod(text);
  }
}

interface KnownCheck {
  readonly min?: number;
  readonly max?: number;
  readonly bytes?: ByteTest;
  readonly pattern?: RegExp;
  readonly isUnknown?: boolean;
  readonly shortcut?: ByteTest | undefined;
}

function knownCheck(check: ReturnType<typeof checksOf>[number]): KnownCheck {
  if (hasCondition(check)) return { isUnknown: true };
  const def = check._zod.def as z.core.$ZodChecks['_zod']['def'];
  if (def.check === 'min_length') return { min: def.minimum };
  if (def.check === 'max_length') return { max: def.maximum };
  if (def.check === 'length_equals') return { min: def.length, max: def.length };
  return def.check === 'string_format' ? knownFormat(def) : { isUnknown: true };
}

function knownFormat(def: z.core.$ZodCheckStringFormatDef): KnownCheck {
  if (PATTERNS.has(def.format) && def.pattern !== undefined) {
    const bytes = bytePattern(def.pattern);
    return bytes === undefined ? { pattern: def.pattern } : { bytes };
  }
  const { hostname, protocol, normalize } = def as Partial<z.core.$ZodURLDef>;
  const isAnyUrl = def.format === 'url' && !hostname && !protocol && !normalize;
  return isAnyUrl ? { isUnknown: true, shortcut: isPlainUrl } : { isUnknown: true };
}

function matches(pattern: RegExp, text: string): boolean {
  pattern.lastIndex = 0;
  return pattern.test(text);
}
