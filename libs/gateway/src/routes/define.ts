import type { Access } from '@facet/access';
import type { Aggregation, AnswerOf } from '@facet/aggregation';
import {
  checkDeprecation,
  type Deprecation,
  type InputOf,
  type Operation,
  type Priority,
} from '@facet/contracts';
import type { Preparation, Saga } from '@facet/saga';
import type { z } from 'zod';
import { planLimits } from '../rate-limit/route-limits.js';
import { usageAnswer } from '../rate-limit/usage.js';
import { deprecationFields } from './deprecation.js';
import { checkReasons } from './audit.js';
import { checkObjectives, type Objectives } from './objectives.js';
import type { Describes, Method, Route, Source, Target } from './route.js';
import { sourcesOf } from './sources.js';

/** What can be said of every route. */
export interface RouteOptions {
  readonly access: Access;
  readonly summary?: string;
  /** What documents and clients call it: `productReviews`. Default: the name of what it answers with. */
  readonly operationId?: string;
  readonly deprecated?: Deprecation;
  /** What `npm run audit:routes` finds and is meant, with the reason: `{ 'unbounded-answer': 'there are twelve' }`. */
  readonly audit?: Readonly<Record<string, string>>;
  /** What it promises over 30 days, for alerts and panels: `{ availability: 99.9, latencyMs: 300, complete: 99 }`. */
  readonly slo?: Objectives;
  /** As how many requests one counts against the caller's plan. Default 1. */
  readonly cost?: number;
  /** Decorators of Nest's for this route: `[UseGuards(TenantGuard)]`. It is then answered through Nest. */
  readonly nest?: readonly MethodDecorator[];
}

export interface OperationRouteOptions<O extends Operation> extends RouteOptions {
  readonly input?: { readonly [Field in keyof InputOf<O>]?: Source };
  /** What is lost by turning a request away when too much is asked. Default `normal`. */
  readonly criticality?: Priority;
}

export interface AggregationRouteOptions<
  A extends Aggregation,
  Schema extends z.ZodType,
> extends RouteOptions {
  /** The answer's schema, for documents and clients. The compiler holds the aggregation to it. */
  readonly answer: Describes<Schema, AnswerOf<A>>;
}

export interface SagaRouteOptions<
  I extends z.ZodType,
  Result,
  Schema extends z.ZodType,
> extends RouteOptions {
  /** How what a client sends becomes the saga's input. */
  readonly preparation: Preparation<z.ZodType, Saga<I, Result>>;
  /** The answer's schema, for documents and clients. The compiler holds the saga to it. */
  readonly answer: Describes<Schema, Result>;
  /** Where the result can be read: the answer's `Location`. */
  readonly location?: (result: Result) => string;
}

/** Answers with what the caller has used of their plan: `route('GET /v1/usage', usage, { access: {} })`. */
export const usage = Object.freeze({ kind: 'usage', answer: usageAnswer } as const);

type Address = `${Method} /${string}`;

/** Allows one operation of a service to be called from outside; its answer is passed on as it is. */
export function route<O extends Operation>(
  address: Address,
  operation: O,
  options: OperationRouteOptions<O>,
): Route;
/** Answers with an aggregation, whose input is fed by path, query and body. */
export function route<A extends Aggregation, Schema extends z.ZodType>(
  address: Address,
  aggregation: A,
  options: AggregationRouteOptions<A, Schema>,
): Route;
/** Performs a saga, once for each `Idempotency-Key` of its caller, and answers 201 with what comes of it. */
export function route<I extends z.ZodType, Result, Schema extends z.ZodType>(
  address: Address,
  saga: Saga<I, Result>,
  options: SagaRouteOptions<I, Result, Schema>,
): Route;
export function route(address: Address, target: typeof usage, options: RouteOptions): Route;
/**
 * One route of a gateway. What `routes.ts` does not list cannot be reached, but for controllers of the gateway's own.
 *
 * @throws Error naming the route and what does not fit: a field without a source, a command behind GET
 */
export function route(address: Address, answered: Answered, options: AnyOptions): Route {
  const [method, path] = address.split(' ', 2) as [Method, string];
  const { access, cost = 1, deprecated, nest = [], slo } = options;
  if (!Number.isSafeInteger(cost) || cost < 1)
    throw new RangeError(`${address}: cost is ${cost}, expected a whole number from 1`);
  const { operationId } = options;
  if (operationId !== undefined && !/^[a-z][A-Za-z0-9]*$/.test(operationId))
    throw new RangeError(`${address}: operationId is "${operationId}", expected a name such as "reviews"`);
  const target = targetOf({ method, path }, answered, options);
  const summary = options.summary ?? summaryOf(target);
  return Object.freeze({
    ...{ method, path, access, target, nest, limits: planLimits(cost) },
    criticality: criticalityOf(target, options.criticality),
    isIdempotent: isWriting(target),
    fields: deprecated === undefined ? {} : deprecationFields(checkDeprecation(deprecated)),
    ...(summary === undefined ? {} : { summary }),
    ...(operationId === undefined ? {} : { operationId }),
    ...(deprecated === undefined ? {} : { deprecated }),
    ...(options.audit === undefined ? {} : { audit: checkReasons(options.audit) }),
    ...(slo === undefined ? {} : { slo: objectivesAt(address, slo, target) }),
  });
}

function objectivesAt(address: string, slo: Objectives, target: Target): Objectives {
  try {
    return checkObjectives(slo, canBeDegraded(target));
  } catch (error) {
    throw new RangeError(`${address}: ${(error as Error).message}`, { cause: error });
  }
}

type Answered = Operation | Aggregation | Saga | typeof usage;

interface AnyOptions extends RouteOptions {
  readonly input?: Readonly<Record<string, Source | undefined>>;
  readonly criticality?: Priority;
  readonly answer?: unknown;
  readonly preparation?: unknown;
  readonly location?: unknown;
}

function targetOf(at: Pick<Route, 'method' | 'path'>, answered: Answered, options: AnyOptions): Target {
  if ('pattern' in answered) {
    return { kind: 'operation', operation: answered, sources: sourcesOf(at, answered, options.input ?? {}) };
  }
  const { answer, preparation, location } = options as {
    answer: z.ZodType;
    preparation: Preparation;
    location?: () => string;
  };
  if ('parts' in answered) return { kind: 'aggregation', aggregation: answered, answer };
  if ('kind' in answered) return answered;
  const at201 = location === undefined ? {} : { location };
  return { kind: 'saga', saga: answered, preparation, answer, ...at201 };
}

function summaryOf(target: Target): string | undefined {
  if (target.kind === 'operation') return target.operation.summary;
  if (target.kind === 'aggregation') return target.aggregation.name;
  if (target.kind === 'saga') return target.saga.name;
  return target.kind === 'usage' ? "The caller's plan, and what has been used of it" : undefined;
}

/** A saga is never the first to be turned away: somebody is about to buy. */
export function criticalityOf(target: Target, said: Priority | undefined): Priority {
  if (target.kind === 'saga') return 'high';
  return said ?? (target.kind === 'aggregation' ? target.aggregation.criticality : 'normal');
}

/** Whether a target changes something; of a handler only its own decorators know. */
export function isWriting(target: Target): boolean {
  return target.kind === 'saga' || (target.kind === 'operation' && target.operation.kind === 'command');
}

/** Whether a target can answer without some of its parts; what a handler answers with is its own affair. */
export function canBeDegraded(target: Target): boolean {
  if (target.kind === 'handler') return true;
  return target.kind === 'aggregation' && target.aggregation.parts.some(({ kind }) => kind !== 'required');
}
