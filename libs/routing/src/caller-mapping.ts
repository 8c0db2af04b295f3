import type { Caller, Operation } from '@facet/contracts';
import type { OutgoingCall } from '@facet/transport';
import { z } from 'zod';
import type { KindName } from './kinds/kind.js';

/** What a service is told of a caller, and where: in the way in which it knows callers already. */
export type CallerMapping = CallerPlace & {
  /** What of the caller; nothing is sent where a caller has none, or where there is no caller. */
  readonly from: keyof Caller;
};

type CallerPlace =
  /** A header: of `http`, or of what the `record` of a `nest` service makes. */
  | { readonly header: string }
  /** Nest's metadata: `getMetadata()` of the context, in a `tcp` or `nest` service. */
  | { readonly metadata: string }
  /** A field of the payload, in a `tcp` or `nest` service. */
  | { readonly field: string };

const PLACES = {
  header: ['http', 'nest'],
  metadata: ['tcp', 'nest'],
  field: ['tcp', 'nest'],
} as const satisfies Record<string, readonly KindName[]>;
type Place = keyof typeof PLACES;

const FROM: readonly (keyof Caller)[] = [
  'subject',
  'kind',
  'client',
  'scopes',
  'roles',
  'customerId',
  'plan',
  'credential',
];
const NAME = /^[\w.-]+$/;
const RESERVED = /^(?:host|connection|content-.*|transfer-encoding|traceparent|x-facet-.*|__proto__)$/i;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
interface Placed {
  readonly name: string;
  readonly from: keyof Caller;
}

/** Says who calls, once for all operations of a service. */
export class CallerMapper {
  readonly #fields: Placed[] = [];
  /** Headers and metadata, which travel alike. */
  readonly #beside: Placed[] = [];

  /** Throws a RangeError that names what does not fit. */
  constructor(
    private readonly service: string,
    kind: KindName,
    given: CallerMapping | readonly CallerMapping[],
  ) {
    for (const mapping of [given].flat() as readonly CallerMapping[]) {
      const { place, name } = this.#placeOf(mapping, kind);
      (place === 'field' ? this.#fields : this.#beside).push({ name, from: mapping.from });
    }
  }

  /** Throws a RangeError where an input could set what says who calls. */
  check({ pattern, input, http }: Operation): void {
    const names = input instanceof z.ZodObject ? Object.keys(input.shape) : [];
    const field = this.#fields.find(({ name }) => names.includes(name));
    const headers = Object.keys(http?.headers ?? {}).map((name) => name.toLowerCase());
    const header = this.#beside.find(({ name }) => headers.includes(name.toLowerCase()));
    const taken = (field ?? header)?.name;
    if (taken === undefined) return;
    throw new RangeError(
      `${pattern}: "${taken}" says who calls (${this.service}.caller), so that the contract must not set it from the input`,
    );
  }

  apply(call: Mutable<OutgoingCall>, identity: Caller | undefined): void {
    if (this.#fields.length > 0) call.data = this.#withFields(call.data, identity);
    const beside: Record<string, string> = {};
    for (const { name, from } of this.#beside) {
      const value = identity?.[from];
      if (value !== undefined) beside[name] = Array.isArray(value) ? value.join(' ') : String(value);
    }
    if (this.#beside.length > 0 && identity !== undefined) call.metadata = { ...call.metadata, ...beside };
  }

  /** Whatever an input that takes any field has there is overwritten, or taken out. */
  #withFields(data: unknown, identity: Caller | undefined): unknown {
    const all: Record<string, unknown> = { ...(data as object) };
    for (const { name, from } of this.#fields) {
      const value = identity?.[from];
      if (value === undefined) delete all[name];
      else all[name] = value;
    }
    return all;
  }

  #placeOf(mapping: CallerMapping, kind: KindName): { readonly place: Place; readonly name: string } {
    const { from, ...rest } = mapping;
    const group = `${this.service}.caller`;
    const [entry, ...others] = Object.entries(rest as Record<string, unknown>);
    const [place, name] = entry ?? [];
    if (place === undefined || others.length > 0 || !(place in PLACES)) {
      throw new RangeError(`${group}: expected one of ${Object.keys(PLACES).join(', ')} beside from`);
    }
    if (!(PLACES[place as Place] as readonly KindName[]).includes(kind)) {
      const possible = (Object.keys(PLACES) as Place[]).filter((each) =>
        (PLACES[each] as readonly KindName[]).includes(kind),
      );
      throw new RangeError(
        `${group}.${place}: a service of kind ${kind} has none; use ${possible.join(' or ')}`,
      );
    }
    if (typeof name !== 'string' || !NAME.test(name) || RESERVED.test(name)) {
      throw new RangeError(
        `${group}.${place}: got ${JSON.stringify(name)}, expected a name of the service's own`,
      );
    }
    if (!FROM.includes(from)) {
      throw new RangeError(`${group}.from: got ${JSON.stringify(from)}, expected one of ${FROM.join(', ')}`);
    }
    return { place: place as Place, name };
  }
}
