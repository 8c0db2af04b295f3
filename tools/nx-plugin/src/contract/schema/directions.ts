import type { Resolve } from '../model.js';
import { isObject, ownOf, propertiesOf, textAt } from './json.js';

export type Io = 'input' | 'output';

/** Which fields come in and which go out: `readOnly` ones are not asked for, `writeOnly` ones are not answered. */
export class Directions {
  readonly #known = new Map<string, boolean>();

  constructor(private readonly resolve: Resolve) {}

  isThere(schema: unknown, io: Io): boolean {
    const word = io === 'input' ? 'readOnly' : 'writeOnly';
    if (!isObject(schema)) return true;
    const ref = textAt(schema, '$ref');
    const target = ref === undefined ? undefined : this.resolve(ref)?.schema;
    return ownOf(schema, word) !== true && !(isObject(target) && ownOf(target, word) === true);
  }

  /** Whether what a `$ref` names is another thing where it comes in than where it goes out. */
  differs(ref: string): boolean {
    const known = this.#known.get(ref);
    if (known !== undefined) return known;
    this.#known.set(ref, false);
    const differs = this.#hasOneWay(this.resolve(ref)?.schema);
    this.#known.set(ref, differs);
    return differs;
  }

  #hasOneWay(schema: unknown): boolean {
    if (Array.isArray(schema)) return schema.some((each) => this.#hasOneWay(each));
    if (!isObject(schema)) return false;
    const ref = textAt(schema, '$ref');
    if (ref !== undefined) return this.differs(ref);
    const isOneWay = ({ 1: each }: readonly [string, unknown]) =>
      !this.isThere(each, 'input') || !this.isThere(each, 'output');
    if (propertiesOf(schema).some(isOneWay)) return true;
    const parts = ['allOf', 'anyOf', 'oneOf', 'items', 'prefixItems', 'additionalProperties'].map((word) =>
      ownOf(schema, word),
    );
    return [...parts, ...propertiesOf(schema).map(([, each]) => each)].some((each) => this.#hasOneWay(each));
  }
}
