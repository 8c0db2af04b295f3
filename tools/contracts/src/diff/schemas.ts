import type { Json } from '../documents/contract-document.js';
import type { Emit, Marked } from './change.js';
import type { Aspect, Bound, Place, RuleId } from './rules.js';
import type { Shape, Shapes } from './shape.js';

/** Schemas of the base document and of the next one. */
export interface Sides {
  readonly base: Shapes;
  readonly next: Shapes;
}

interface At {
  readonly field: string;
  readonly place: Place;
  /** The schema of the base that `$defs` are relative to, and that of the next. */
  readonly roots: readonly [Json, Json];
  readonly marked: Marked | undefined;
  /** Pairs of references that are being compared already. */
  readonly seen: ReadonlySet<string>;
}

/** Compares two schemas. `place` is where the outer one is: `request-parameter`, `response-body`. */
export class SchemaDiff {
  constructor(
    private readonly sides: Sides,
    private readonly emit: Emit,
  ) {}

  compare(base: Json, next: Json, place: Place, field = '', marked?: Marked): void {
    this.#compare(base, next, { field, place, roots: [base, next], marked, seen: new Set() });
  }

  #compare(base: Json, next: Json, at: At): void {
    const pair = `${String(base['$ref'])} ${String(next['$ref'])}`;
    const isReference = '$ref' in base || '$ref' in next;
    if (isReference && at.seen.has(pair)) return;
    const here = isReference ? { ...at, seen: new Set(at.seen).add(pair) } : at;
    const was = this.sides.base.of(base, at.roots[0]);
    const is = this.sides.next.of(next, at.roots[1]);
    const marked = markOf(was.keywords) ?? at.marked;
    this.#compareShapes(was, is, { ...here, marked });
  }

  #compareShapes(was: Shape, is: Shape, at: At): void {
    this.#lifecycle(was, is, at);
    this.#nullable(was, is, at);
    if (was.alternatives.length > 0 || is.alternatives.length > 0) return this.#alternatives(was, is, at);
    if (!this.#types(was, is, at)) return;
    this.#values(was, is, at);
    this.#keywords(was, is, at);
    this.#properties(was, is, at);
    if (was.items !== undefined && is.items !== undefined)
      this.#compare(was.items, is.items, { ...at, place: inner(at.place) });
  }

  #say(aspect: Aspect, says: string, { place, field, marked }: At): void {
    this.emit({ rule: `${place}-${aspect}`, field, says, marked });
  }

  #lifecycle({ keywords: was }: Shape, { keywords: is }: Shape, at: At): void {
    const [before, now] = [markOf(was), markOf(is)];
    if (before === undefined && now !== undefined)
      this.#say(
        'deprecated',
        now.sunset === undefined ? 'is deprecated' : `is deprecated, and may go from ${now.sunset} on`,
        at,
      );
    if (before !== undefined && now === undefined) this.#say('reactivated', 'is not deprecated any more', at);
    if (before?.sunset === undefined || now === undefined) return;
    const unmarked = { ...at, marked: undefined };
    if (now.sunset === undefined)
      this.#say('sunset-deleted', `does not say ${before.sunset} any more`, unmarked);
    else if (now.sunset < before.sunset)
      this.#say(
        'sunset-date-changed-too-small',
        `may go from ${now.sunset} on, not ${before.sunset}`,
        unmarked,
      );
  }

  #nullable(was: Shape, is: Shape, at: At): void {
    if (!was.isNullable && is.isNullable) this.#say('became-nullable', 'may be null', at);
    if (was.isNullable && !is.isNullable) this.#say('became-not-nullable', 'may not be null any more', at);
  }

  /** Whether there is anything below to compare. */
  #types({ types: was }: Shape, { types: is }: Shape, at: At): boolean {
    const isWider = covers(is, was);
    const isNarrower = covers(was, is);
    if (isWider && isNarrower) return true;
    const says = `is ${wordsOf(is)}, was ${wordsOf(was)}`;
    const isNumeric =
      [...was, ...is].every((each) => each === 'integer' || each === 'number') &&
      was.length * is.length === 1;
    if (isWider) this.#say(isNumeric ? 'type-generalized' : 'list-of-types-widened', says, at);
    else if (isNarrower) this.#say(isNumeric ? 'type-specialized' : 'list-of-types-narrowed', says, at);
    else this.#say('type-changed', says, at);
    return isWider || isNarrower;
  }

  #values({ values: was }: Shape, { values: is }: Shape, at: At): void {
    if (was === undefined && is !== undefined)
      return this.#say('became-enum', `is one of ${is.join(', ')}`, at);
    if (was !== undefined && is === undefined)
      return this.#say('became-not-enum', `was one of ${was.join(', ')}`, at);
    for (const value of is ?? [])
      if (!was?.includes(value)) this.#say('enum-value-added', `may be ${value}`, at);
    for (const value of was ?? [])
      if (!is?.includes(value)) this.#say('enum-value-removed', `is never ${value} any more`, at);
  }

  #keywords({ keywords: was }: Shape, { keywords: is }: Shape, at: At): void {
    for (const key of new Set([...Object.keys(was), ...Object.keys(is)])) {
      const [before, now] = [was[key], is[key]];
      if (JSON.stringify(before) === JSON.stringify(now)) continue;
      const bound = BOUNDS[key];
      if (bound !== undefined)
        this.#bound(bound, before as number | undefined, now as number | undefined, at);
      else if (key === 'pattern') this.#pattern(before as string | undefined, now as string | undefined, at);
      else if (key in KEYWORDS) {
        const aspect = KEYWORDS[key];
        if (aspect !== undefined)
          this.#say(aspect, `${key.replace('x-', '')}: ${shown(now)}, was ${shown(before)}`, at);
      } else if (!key.startsWith('x-'))
        this.#say('keyword-changed', `${key}: ${shown(now)}, was ${shown(before)}`, at);
    }
  }

  #bound(bound: Bound, was: number | undefined, is: number | undefined, at: At): void {
    const name = bound.replaceAll('-', ' ');
    if (was === undefined) this.#say(`${bound}-set`, `${name} ${shown(is)}, was free`, at);
    else if (is === undefined) this.#say(`${bound}-unset`, `${name} is free, was ${was}`, at);
    else this.#say(`${bound}-${is > was ? 'increased' : 'decreased'}`, `${name} ${is}, was ${was}`, at);
  }

  #pattern(was: string | undefined, is: string | undefined, at: At): void {
    if (is === undefined) this.#say('pattern-removed', `does not have to match ${was} any more`, at);
    else if (was === undefined) this.#say('pattern-added', `has to match ${is}`, at);
    else this.#say('pattern-changed', `has to match ${is}, not ${was}`, at);
  }

  #properties(was: Shape, is: Shape, at: At): void {
    const isRequest = at.place.startsWith('request');
    for (const [name, schema] of was.properties) {
      const next = is.properties.get(name);
      const field = at.field === '' ? name : `${at.field}.${name}`;
      const below: At = { ...at, field, place: isRequest ? 'request-property' : 'response-property' };
      if (next === undefined) this.#removed(name, schema, was, is, below);
      else {
        this.#required(was.required.has(name), is.required.has(name), below, schema);
        this.#compare(schema, next, below);
      }
    }
    for (const [name, schema] of is.properties) {
      if (was.properties.has(name)) continue;
      const field = at.field === '' ? name : `${at.field}.${name}`;
      const isRequired = is.required.has(name) && !('default' in schema);
      const rule: RuleId = isRequest
        ? isRequired
          ? 'new-required-request-property'
          : 'new-optional-request-property'
        : isRequired
          ? 'response-required-property-added'
          : 'response-optional-property-added';
      this.emit({ rule, field, says: isRequest && isRequired ? 'is new, and has to be sent' : 'is new' });
    }
    this.#additional(was.additional, is.additional, at);
  }

  #removed(name: string, schema: Json, was: Shape, is: Shape, at: At): void {
    const own = markOf(this.sides.base.of(schema, at.roots[0]).keywords) ?? at.marked;
    const { field } = at;
    if (at.place.startsWith('request')) {
      const isRefused = is.additional === false;
      const level = isRefused ? undefined : ({ level: 'warning' } as const);
      const says = isRefused ? 'is gone: who sends it is refused' : 'is gone: it is ignored';
      this.emit({ rule: 'request-property-removed', field, says, marked: own, ...level });
    } else {
      const rule = was.required.has(name)
        ? 'response-required-property-removed'
        : 'response-optional-property-removed';
      this.emit({ rule, field, says: 'is gone', marked: own });
    }
  }

  #required(was: boolean, is: boolean, { field, place, marked }: At, schema: Json): void {
    if (was === is) return;
    const isRequest = place.startsWith('request');
    const rule: RuleId = `${isRequest ? 'request' : 'response'}-property-became-${is ? 'required' : 'optional'}`;
    const says = isRequest
      ? is
        ? 'has to be sent'
        : 'may be left out'
      : is
        ? 'is always there'
        : 'may be absent';
    this.emit({ rule, field, says, marked: markOf(schema) ?? marked });
  }

  #additional(was: Json | boolean, is: Json | boolean, at: At): void {
    if (was !== false && is === false)
      return this.#say('additional-properties-removed', 'refuses fields that it does not name', at);
    if (was === false && is !== false)
      return this.#say('additional-properties-added', 'allows fields that it does not name', at);
    if (typeof was === 'boolean' && typeof is === 'boolean') return;
    this.#compare(was === true ? {} : (was as Json), is === true ? {} : (is as Json), {
      ...at,
      field: at.field === '' ? '*' : `${at.field}.*`,
      place: inner(at.place),
    });
  }

  /** Alternatives belong together by their own constant, else by what they look like. */
  #alternatives(was: Shape, is: Shape, at: At): void {
    const before = alternativesOf(was, this.sides.base, at.roots[0]);
    const now = alternativesOf(is, this.sides.next, at.roots[1]);
    const removed = [...before].filter(([key]) => !now.has(key));
    const added = [...now].filter(([key]) => !before.has(key));
    for (const [key, shape] of before) {
      const other = now.get(key);
      if (other !== undefined) this.#compareShapes(shape, other, at);
    }
    if (removed.length === 1 && added.length === 1)
      return this.#compareShapes((removed[0] as Entry)[1], (added[0] as Entry)[1], at);
    for (const [key] of removed) this.#say('any-of-removed', `${key} is no alternative any more`, at);
    for (const [key] of added) this.#say('any-of-added', `${key} is a new alternative`, at);
  }
}

type Entry = readonly [string, Shape];

const BOUNDS: Readonly<Record<string, Bound>> = {
  ...{ maximum: 'max', exclusiveMaximum: 'exclusive-max', maxLength: 'max-length', maxItems: 'max-items' },
  ...{ minimum: 'min', exclusiveMinimum: 'exclusive-min', minLength: 'min-length', minItems: 'min-items' },
};

/** Undefined: said elsewhere. */
const KEYWORDS: Readonly<Record<string, Aspect | undefined>> = {
  ...{ format: 'format-changed', default: 'default-value-changed', 'x-entity': 'entity-changed' },
  ...{ deprecated: undefined },
};

const inner = (place: Place): Place =>
  place.startsWith('request') ? 'request-property' : 'response-property';

export function markOf(from: Json): Marked | undefined {
  if (from['deprecated'] !== true) return undefined;
  const sunset = from['x-sunset'];
  return typeof sunset === 'string' ? { sunset } : {};
}

/** Whether `a` allows all types of `b`. */
function covers(a: readonly string[], b: readonly string[]): boolean {
  if (a.length === 0) return true;
  return b.length > 0 && b.every((each) => a.includes(each) || (each === 'integer' && a.includes('number')));
}

const wordsOf = (types: readonly string[]): string => (types.length === 0 ? 'anything' : types.join(' or '));
const shown = (value: unknown): string => (value === undefined ? 'none' : JSON.stringify(value));

function alternativesOf(shape: Shape, shapes: Shapes, root: Json): Map<string, Shape> {
  if (shape.alternatives.length === 0) return new Map([[nameOf(shape), shape]]);
  return new Map(
    shape.alternatives.map((each, index) => {
      const alternative = shapes.of(each, root);
      const title = each['title'];
      return [typeof title === 'string' ? title : nameOf(alternative, index), alternative];
    }),
  );
}

function nameOf({ properties, types, values }: Shape, index?: number): string {
  for (const [name, schema] of properties)
    if ('const' in schema) return `${name} ${JSON.stringify(schema['const'])}`;
  if (values !== undefined) return values.join(' or ');
  if (types.length === 1 && types[0] !== 'object') return types[0] as string;
  return index === undefined ? 'the first' : `number ${index + 1}`;
}
