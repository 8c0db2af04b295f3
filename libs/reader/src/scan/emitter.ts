import { MAX_DEPTH } from '../bytes/skip.js';
import type { ListNode, Node, NumberNode, ObjectNode, TextNode, WordNode } from '../contract/model.js';
import { isLabel, isText } from './match.js';
import type { Layout } from './layout.js';
import { ObjectWalk, type WalkedKey } from './object-walk.js';
import type { Gathered, Sink } from './sink.js';

/** The source of a walk, and the objects that it refers to as `c0`, `c1`, … */
export interface Emitted {
  readonly functions: readonly string[];
  readonly root: string;
  readonly constants: readonly unknown[];
}

/** Where a value is: what its layout is, which variable takes its value, and how deep it is. */
interface Place {
  readonly layout: Layout | undefined;
  /** `''` where nothing is to be kept of it. */
  readonly into: string;
  readonly depth: number;
  readonly isRead: boolean;
}

const FAIL = 'return -1;';
const WALKED = '(bytes, view, latin1, p)';
/** Beyond some 200 keys in one function V8 no longer optimises it. */
const MOST_KEYS = 100;
const LEAVE = `if (p === -1) ${FAIL}`;

/**
 * Writes the walk over a compact answer whose keys stand in the order of a layout: straight lines that call the tested
 * functions of `bytes/`, a function for each object, so that wide contracts stay compiled. Anything unexpected ends the
 * walk with -1. Names are compared as numbers; none of them, a service's least of all, stands in the source as text, but
 * for the contract's own in the values that are made.
 */
export function emit(node: Node, layout: Layout | undefined, sink: Sink): Emitted {
  const emitter = new Emitter(sink);
  const into = sink.makesValues ? 'result' : '';
  const root = emitter.value(node, { layout, into, depth: 0, isRead: true });
  return { functions: emitter.functions, root, constants: emitter.constants };
}

class Emitter {
  readonly functions: string[] = [];
  readonly constants: unknown[] = [];
  #names = 0;

  constructor(private readonly sink: Sink) {}

  /** The lines from a value's first byte at `p` to behind it. */
  value(node: Node, place: Place): string {
    if (node.isNullable !== true) return this.#present(node, place);
    const present = this.#present({ ...node, isNullable: false }, place);
    const none = place.into === '' ? '' : `${place.into} = null;`;
    return `if (bytes[p] === 110) { if (!(${isText('null', 'p')})) ${FAIL} p += 4; ${none} } else {\n${present}\n}`;
  }

  #present(node: Node, place: Place): string {
    switch (node.kind) {
      case 'any':
        return `p = skip(bytes, view, p, ${MAX_DEPTH - place.depth}); ${LEAVE}`;
      case 'object':
        return this.#object(node, place);
      case 'list':
        return this.#list(node, place);
      case 'text':
        return this.#text(node, place);
      case 'number':
        return this.#number(node, place);
      case 'word':
        return this.#word(node, place);
      case 'boolean':
        return this.#boolean(place);
    }
  }

  #text(node: TextNode, { into }: Place): string {
    const from = this.#name('s');
    const rule =
      node.rule && `if (!${this.#constant(node.rule)}.holds(bytes, ${from}, p, lastString.isPlain)) ${FAIL}`;
    return lines(
      `if (bytes[p] !== 34) ${FAIL}`,
      `const ${from} = p + 1; p = stringEnd(bytes, view, ${from}); ${LEAVE}`,
      into && this.sink.leaf(node, from, into),
      rule,
      'p++;',
    );
  }

  #number(node: NumberNode, { into }: Place): string {
    const { isInteger, limits, test } = node.rule;
    const [from, value] = [this.#name('s'), this.#name('n')];
    const checks = [
      ...limits.map(([sign, limit]) => `${value} ${sign} ${this.#limit(limit)}`),
      ...(test ? [`${this.#constant(test)}(${value})`] : []),
    ];
    return lines(
      `const ${from} = p; p = ${isInteger ? 'integerEnd' : 'numberEnd'}(bytes, p); ${LEAVE}`,
      checks.length > 0 &&
        `const ${value} = numberOf(bytes, ${from}, p); if (!(${checks.join(' && ')})) ${FAIL}`,
      into && (checks.length > 0 ? `${into} = ${value};` : this.sink.leaf(node, from, into)),
    );
  }

  #boolean({ into }: Place): string {
    const from = this.#name('s');
    return lines(
      `const ${from} = p; if (${isText('true', 'p')}) p += 4; else if (${isText('false', 'p')}) p += 5; else ${FAIL}`,
      into && this.sink.leaf({ kind: 'boolean' }, from, into),
    );
  }

  /** Longer ones first: one may begin with another. */
  #word(node: WordNode, { into }: Place): string {
    const words = node.values
      .map((value) => ({ value, json: JSON.stringify(value) }))
      .sort((one, other) => other.json.length - one.json.length);
    const tries = words.map(({ value, json }) => {
      const keep = into === '' ? '' : `${into} = ${this.#constant(value)};`;
      return `if (${isText(json, 'p')}) { p += ${Buffer.byteLength(json)}; ${keep} }`;
    });
    return `${[...tries, FAIL].join(' else ')}`;
  }

  #list(node: ListNode, place: Place): string {
    const { sink } = this;
    const [count, element] = [this.#name('i'), this.#name('e')];
    const into = place.into && element;
    const counts = node.first !== undefined || node.min > 0 || node.max < Infinity;
    const inner = { layout: place.layout?.element, into, depth: place.depth + 1, isRead: place.isRead };
    return lines(
      `if (bytes[p] !== 91) ${FAIL} p++;`,
      counts && `let ${count} = 0;`,
      place.into && sink.beginList(place.into),
      'if (bytes[p] === 93) p++; else for (;;) {',
      into && `let ${into};`,
      this.value(node.element, inner),
      into && sink.addElement(place.into, into),
      counts && `${count}++;`,
      `if (bytes[p] === 93) { p++; break; } if (bytes[p] !== 44) ${FAIL}`,
      node.first !== undefined && this.#rest(`${count} === ${node.first}`, place),
      'p++; }',
      node.min > 0 && `if (${count} < ${node.min}) ${FAIL}`,
      node.max < Infinity && `if (${count} > ${node.max}) ${FAIL}`,
      place.into && sink.endList(node, place.into),
    );
  }

  /** The elements of a list that are not read, from the comma before them to the closing bracket. */
  #rest(isReached: string, { depth }: Place): string {
    const from = this.#name('s');
    return lines(
      `if (${isReached}) { const ${from} = p;`,
      `do { p = skip(bytes, view, p + 1, ${MAX_DEPTH - depth - 1}); ${LEAVE} } while (bytes[p] === 44);`,
      `if (bytes[p] !== 93) ${FAIL} ${this.sink.drop(from, 'p')} p++; break; }`,
    );
  }

  #object(node: ObjectNode, place: Place): string {
    const name = this.#name('object');
    const walk = new ObjectWalk(node, place.layout?.keys ?? []);
    const gathered: Gathered[] = [];
    const keys = walk.keys.map((key) => this.#key(key, place, gathered));
    const variables = gathered.map(({ variable }) => variable);
    const end = lines(
      walk.isNeverEmpty
        ? `if (bytes[p] !== 125) ${FAIL} p++;`
        : `if (any) { if (bytes[p] !== 125) ${FAIL} p++; } else { if (bytes[p + 1] !== 125) ${FAIL} p += 2; }`,
      place.into && this.sink.object(node, gathered, 'made'),
    );
    const parts = { name, variables, keys, end };
    this.functions.push(keys.length > MOST_KEYS ? wideObject(parts) : narrowObject(parts));
    const keep = place.into === '' ? '' : `${place.into} = made;`;
    return `p = ${name}(bytes, view, latin1, p); ${LEAVE} ${keep}`;
  }

  /** One key and its value: `p` is at the brace or the comma before it, and behind the value afterwards. */
  #key(key: WalkedKey, { into, depth, isRead }: Place, gathered: Gathered[]): string {
    const keeps = isRead && key.field?.isRead === true;
    const variable = keeps && into !== '' ? this.#name('v') : '';
    if (variable) gathered.push({ name: key.name, variable, isOptional: key.mayMiss });
    const from = this.#name('k');
    const node: Node = key.field === undefined || key.isOdd ? { kind: 'any' } : key.field.node;
    const label = `${JSON.stringify(key.name)}:`;
    const test = isLabel(label, key.lead);
    const value = this.value(node, { layout: key.below, into: variable, depth: depth + 1, isRead: keeps });
    return lines(
      key.mayMiss ? `if (${test}) {` : `if (!(${test})) ${FAIL} {`,
      `const ${from} = p; p += ${Buffer.byteLength(label) + 1};`,
      isRead && keeps && !key.isBehindKept && key.lead !== '{' && this.#dropComma(key, from),
      value,
      isRead && !keeps && this.sink.drop(dropStart(key, from), 'p'),
      'any = true;',
      keeps && 'kept = true;',
      '}',
    );
  }

  /** The comma before the first field that is kept goes with what was dropped before it. */
  #dropComma({ lead }: WalkedKey, from: string): string {
    const drop = this.sink.drop(from, `${from} + 1`);
    if (drop === '') return '';
    return lead === ',' ? `if (!kept) { ${drop} }` : `if (any && !kept) { ${drop} }`;
  }

  /** Limits are numbers of the contract; as constants they need no thought about how a number is written. */
  #limit(limit: number): string {
    return Number.isSafeInteger(limit) ? `${limit}` : this.#constant(limit);
  }

  #constant(value: unknown): string {
    return `c${this.constants.push(value) - 1}`;
  }

  #name(prefix: string): string {
    return `${prefix}${this.#names++}`;
  }
}

/** A dropped field goes with the comma before it; the first one leaves the brace. */
function dropStart({ lead }: WalkedKey, from: string): string {
  if (lead === ',') return from;
  return lead === '{' ? `${from} + 1` : `${from} + (any ? 0 : 1)`;
}

interface ObjectParts {
  readonly name: string;
  /** The variables of its fields. */
  readonly variables: readonly string[];
  readonly keys: readonly string[];
  /** From its last field on. */
  readonly end: string;
}

function narrowObject({ name, variables, keys, end }: ObjectParts): string {
  const declared = ['any = false', 'kept = false', ...variables].join(', ');
  return lines(
    `function ${name}${WALKED} {`,
    `if (bytes[p] !== 123) ${FAIL} let ${declared};`,
    ...keys,
    end,
    'return p; }',
  );
}

/** One with so many keys that V8 would not optimise a single function: one for each stretch of them. */
function wideObject({ name, variables, keys, end }: ObjectParts): string {
  const stretches: string[][] = [];
  for (let at = 0; at < keys.length; at += MOST_KEYS) stretches.push(keys.slice(at, at + MOST_KEYS));
  return lines(
    `const ${name} = (() => { let ${['any', 'kept', ...variables].join(', ')};`,
    ...stretches.map((stretch, part) => lines(`function part${part}${WALKED} {`, ...stretch, 'return p; }')),
    `return ${WALKED} => { if (bytes[p] !== 123) ${FAIL}`,
    `any = kept = false; ${variables.map((each) => `${each} = undefined;`).join(' ')}`,
    ...stretches.map((_, part) => `p = part${part}(bytes, view, latin1, p); ${LEAVE}`),
    end,
    'return p; }; })();',
  );
}

function lines(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter(Boolean).join('\n');
}
