import type { Access } from '@facet/access';
import type { Aggregation } from '@facet/aggregation';
import type { Caller, Deprecation, Operation, Priority } from '@facet/contracts';
import type { Preparation, Saga } from '@facet/saga';
import type { z } from 'zod';
import type { RouteLimits } from '../rate-limit/route-limits.js';
import type { Objectives } from './objectives.js';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * One route of a gateway, with all that is known of it at boot: made from one line of `routes.ts`, or from the decorators of a
 * controller's method.
 */
export interface Route {
  /** As Nest and Fastify name it. */
  readonly method: string;
  /** As it is registered: `/v1/products/:id`. */
  readonly path: string;
  readonly access: Access;
  /** What documents say of it. */
  readonly summary?: string;
  /** What documents and clients call it, where not by what it answers with. */
  readonly operationId?: string;
  readonly limits: RouteLimits;
  readonly criticality: Priority;
  /** Whether it is done once for each `Idempotency-Key`. */
  readonly isIdempotent: boolean;
  readonly deprecated?: Deprecation;
  /** What `npm run audit:routes` finds of it and is meant, with the reason: rule by rule. */
  readonly audit?: Readonly<Record<string, string>>;
  /** What it promises; watched by alerts. */
  readonly slo?: Objectives;
  /** Header fields that each of its answers has, refusals too. */
  readonly fields: Readonly<Record<string, string>>;
  readonly target: Target;
  /** Decorators of Nest's (`UseGuards`, `UseInterceptors`…): with one of them it is answered through Nest. */
  readonly nest: readonly MethodDecorator[];
}

/** What a route answers with. */
export type Target =
  | { readonly kind: 'aggregation'; readonly aggregation: Aggregation; readonly answer: z.ZodType }
  | { readonly kind: 'operation'; readonly operation: Operation; readonly sources: Sources }
  | SagaTarget
  /** What the caller has used of their plan. */
  | { readonly kind: 'usage'; readonly answer: z.ZodType }
  /** A controller's own method; `answer` where it says what that looks like. */
  | { readonly kind: 'handler'; readonly answer?: z.ZodType };

export interface SagaTarget {
  readonly kind: 'saga';
  readonly saga: Saga;
  readonly preparation: Preparation;
  readonly answer: z.ZodType;
  /** Where the result can be read. */
  readonly location?: (result: never) => string;
}

export type Place = 'path' | 'query' | 'body';

/** Where each field of an operation's input comes from. */
export type Sources = ReadonlyMap<string, FieldSource>;

export interface FieldSource {
  readonly from: Place | 'caller' | 'header';
  readonly name: string;
}

/**
 * Where a field of the operation's input comes from: `query` under its own name, `query:p` under another, `caller:…`
 * from who was proven to call. What is not named cannot be sent.
 */
export type Source = Place | `${Place}:${string}` | `caller:${keyof Caller}` | 'header:idempotency-key';

/** `Schema` where it describes what is answered, else a type that nothing fits. */
export type Describes<Schema extends z.ZodType, Answer> =
  Answer extends z.input<Schema> ? Schema : { readonly 'the answer does not fit this schema': Answer };
