import { isKeyword } from '../../names.js';

/** What generated files import, declare, or mean by themselves. */
export const DECLARED: readonly string[] = [
  ...[
    'z',
    'id',
    'query',
    'command',
    'service',
    'closed',
    'anybody',
    'idempotencyKey',
    'undefined',
    'arguments',
    'eval',
  ],
  ...['await', 'async', 'let', 'static', 'yield', 'of', 'type', 'globalThis'],
];

const LONGEST = 60;

/** `orderItem`, of `OrderItem`, `order_item`, `order-item` and `order item` alike; `word` where nothing is left of a name. */
export function camelOf(name: string, word: string): string {
  const words = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((each) => each !== '');
  const [first = '', ...rest] = words.map((each) => each.toLowerCase());
  const camel = (first + rest.map(capital).join('')).slice(0, LONGEST);
  if (camel === '') return word;
  return /^[0-9]/.test(camel) ? word + camel : camel;
}

export const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** Gives each thing a name of its own. */
export class FreeNames {
  readonly #taken: Set<string>;

  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set(taken);
  }

  /** `pet`; where that is taken `petSchema`, as `suffix` says, then `petSchema2`. */
  free(wanted: string, suffix: string): string {
    let name = this.#taken.has(wanted) ? wanted + suffix : wanted;
    for (let count = 2; this.#taken.has(name); count += 1) name = wanted + suffix + String(count);
    this.#taken.add(name);
    return name;
  }
}

/** A name that a constant can have: no word of the language. */
export const constant = (name: string, suffix: string): string => (isKeyword(name) ? name + suffix : name);

/** `box` of `boxes`, `category` of `categories`, `pet` of `pets`. */
export function singularOf(name: string): string {
  if (/(?:ss|us|is)$/.test(name)) return name;
  if (name.endsWith('ies') && name.length > 4) return `${name.slice(0, -3)}y`;
  if (/(?:sses|shes|ches|xes|zes)$/.test(name)) return name.slice(0, -2);
  return name.replace(/s$/, '');
}
