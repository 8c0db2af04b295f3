import type { Shapes } from '../diff/shape.js';
import type { Json } from '../documents/contract-document.js';

/** `error` and `warning` fail the audit unless they are allowed with a reason; a `note` is to be known. */
export type Severity = 'error' | 'warning' | 'note';

/** What a rule has found at one place. */
export interface Found {
  /** `GET /v1/home`, or `apps/web-bff/src/pages.ts:12`. */
  readonly place: string;
  readonly says: string;
  /** Why it is meant, as it stands beside the route or in a comment. */
  readonly allowed?: string | undefined;
}

export interface Endpoint {
  /** `GET /v1/home` */
  readonly name: string;
  readonly method: string;
  readonly operation: Json;
}

export interface SourceFile {
  /** `apps/web-bff/src/pages.ts` */
  readonly path: string;
  readonly text: string;
}

/** What is known of a gateway without starting it. */
export interface Gateway {
  readonly name: string;
  readonly endpoints: readonly Endpoint[];
  /** The schemas of its document. */
  readonly shapes: Shapes;
  readonly sources: readonly SourceFile[];
  /** The operations of all contracts, by pattern. */
  readonly contracts: ReadonlyMap<string, Json>;
}

export interface Rule {
  readonly severity: Severity;
  /** What it finds, for the report: the guide says why, and what to do. */
  readonly means: string;
  readonly find: (gateway: Gateway) => readonly Found[];
}
