import type { Json } from './schema/json.js';

/** What a description says of a service, whichever kind of description it is. */
export interface Described {
  /** Where it comes from, as the author typed it. */
  readonly source: string;
  readonly kind: 'http' | 'tcp';
  /** What the service says of itself, on one line. */
  readonly title?: string;
  /** Where it says that it can be reached. */
  readonly address?: string;
  readonly operations: readonly DescribedOperation[];
  /** Finds what a `$ref` names. */
  readonly resolve: Resolve;
}

/** A schema that has a name; undefined where a `$ref` leads nowhere. */
export type Resolve = (ref: string) => { readonly name: string; readonly schema: unknown } | undefined;

export interface DescribedOperation {
  readonly name: string;
  readonly kind: 'query' | 'command';
  readonly summary: string;
  /** The fields of its input, beside those of a body. */
  readonly fields: readonly DescribedField[];
  /** A schema whose value is the rest of the input. */
  readonly body?: DescribedBody;
  /** Undefined: it answers with nothing. */
  readonly output: unknown;
  /** Whether it may also answer with nothing. */
  readonly mayBeNothing?: boolean;
  /** How it is asked for over HTTP. */
  readonly http?: DescribedHttp;
  /** What a Nest service matches its messages by, where that is not `service.name`. */
  readonly message?: unknown;
  /** In messages. */
  readonly where: string;
}

export interface DescribedField {
  /** What the input calls it. */
  readonly name: string;
  readonly schema: unknown;
  readonly isRequired: boolean;
  readonly description?: string;
  /** What it is the id of, where it is one. */
  readonly entity?: string;
}

export interface DescribedBody {
  readonly schema: unknown;
  readonly isRequired: boolean;
}

export interface DescribedHttp {
  readonly method: string;
  readonly path: string;
  /** Names in the query and of headers, with the fields whose values they have. */
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly lists?: 'comma';
}

export type { Json };
