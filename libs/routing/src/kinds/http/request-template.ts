import { httpPlaces, type HttpMethod, type HttpPlaces, type Operation } from '@facet/contracts';
import { TransportError } from '@facet/transport';
import { fault } from '../../faults.js';
import { ageOf } from './age.js';

/** A request as it is written. */
export interface HttpRequest {
  readonly method: HttpMethod;
  /** The path with the query. */
  readonly url: string;
  readonly headers: Record<string, string>;
  /** JSON. */
  readonly body: string | undefined;
}

type Input = Readonly<Record<string, unknown>>;

/** How an operation becomes a request: read from its contract once, and filled with the input of each call. */
export class RequestTemplate {
  readonly method: HttpMethod;
  readonly #places: HttpPlaces;
  /** The texts of the path around its placeholders. */
  readonly #between: readonly string[];
  readonly #isComma: boolean;

  /** Throws a RangeError where the contract does not say how the operation is asked for. */
  constructor(private readonly operation: Operation) {
    const { http, pattern, summary, input, service } = operation;
    if (http === undefined) {
      throw new RangeError(
        `${pattern}: ${service} speaks HTTP, and the contract has no http: { method, path } for it`,
      );
    }
    this.method = http.method;
    this.#places = httpPlaces(summary, http, input);
    this.#between = http.path.split(/\{[^{}]+\}/);
    this.#isComma = http.lists === 'comma';
  }

  /** Whether its service has a say in how long an answer may be reused. */
  get followsService(): boolean {
    return this.method === 'GET' && this.operation.freshness?.fromService === true;
  }

  /** How old an answer is, by its contract and by what its service says of its lifetime, in ms. */
  ageOf(headers: { readonly 'cache-control'?: unknown; readonly age?: unknown }): number {
    const { freshness } = this.operation;
    return freshness?.fromService === true ? ageOf(headers, freshness) : 0;
  }

  /** Throws `input.invalid` where a value has no form for its place. */
  fill(data: unknown): HttpRequest {
    const input = (data ?? {}) as Input;
    const query = this.#query(input);
    const headers: Record<string, string> = {};
    for (const [name, field] of this.#places.headers) {
      const value = input[field];
      if (value !== undefined && value !== null) headers[name] = this.#headerText(field, value);
    }
    const body = this.#body(input);
    if (body !== undefined) headers['content-type'] = 'application/json';
    return { method: this.method, url: this.#path(input) + (query === '' ? '' : `?${query}`), headers, body };
  }

  #path(input: Input): string {
    const { path } = this.#places;
    let url = this.#between[0] as string;
    for (const [at, field] of path.entries()) {
      const text = this.#text(field, input[field]);
      if (text === '') throw this.#refusal(field, 'stands in a path and must not be empty');
      url += encodeURIComponent(text) + (this.#between[at + 1] as string);
    }
    // Such a segment would lead to another path.
    if (path.length > 0 && /\/\.{1,2}(?:\/|$)/.test(url)) {
      throw this.#refusal(path[0] as string, 'makes a path that leads elsewhere');
    }
    return url;
  }

  #query(input: Input): string {
    let text = '';
    const add = (name: string, value: string) => {
      text += `${text === '' ? '' : '&'}${encodeURIComponent(name)}=${value}`;
    };
    for (const [name, field] of this.#places.query) {
      const value = input[field];
      if (value === undefined || value === null) continue;
      if (!Array.isArray(value)) {
        add(name, encodeURIComponent(this.#text(field, value)));
        continue;
      }
      const values = value.map((each) => encodeURIComponent(this.#text(field, each)));
      if (this.#isComma && values.length > 0) add(name, values.join(','));
      else if (!this.#isComma) for (const each of values) add(name, each);
    }
    return text;
  }

  #body(input: Input): string | undefined {
    const { body } = this.#places;
    if (body === undefined) return undefined;
    const value = typeof body === 'string' ? input[body] : pickFields(input, body);
    try {
      return JSON.stringify(value);
    } catch (cause) {
      throw new TransportError('transport.unserialisable', 'The request cannot be written as JSON', {
        cause,
      });
    }
  }

  #headerText(field: string, value: unknown): string {
    const text = this.#text(field, value);
    if (/[^\t\x20-\x7e]/.test(text)) throw this.#refusal(field, 'stands in a header and must be plain ASCII');
    return text;
  }

  #text(field: string, value: unknown): string {
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
      return String(value);
    if (value instanceof Date) return value.toISOString();
    throw this.#refusal(field, 'must be a text, a number or a boolean where it stands');
  }

  #refusal(field: string, message: string): Error {
    const { service } = this.operation;
    return fault('input.invalid', { service, policy: 'contract', fields: [{ field, message }] });
  }
}

function pickFields(input: Input, fields: readonly string[]): Input {
  const picked: Record<string, unknown> = {};
  for (const field of fields) if (input[field] !== undefined) picked[field] = input[field];
  return picked;
}
