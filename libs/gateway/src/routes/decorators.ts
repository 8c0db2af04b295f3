import type { Access } from '@facet/access';
import type { Aggregation, AnswerOf } from '@facet/aggregation';
import type { Preparation, Saga } from '@facet/saga';
import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import type { z } from 'zod';
import { ACCESS } from '../access/access.js';
import { IdempotencyInterceptor } from '../idempotency/idempotency.interceptor.js';
import type { Describes, Target } from './route.js';

/** What the decorators below say of a controller's method. */
export const TARGET = 'facet:target';
export const WRITES = 'facet:writes';

export interface TargetMetadata {
  readonly target: Target;
  readonly summary?: string;
}

interface Options<Answer, Schema extends z.ZodType> {
  readonly access: Access;
  /** The answer's schema, for documents and clients. The compiler holds what is answered to it. */
  readonly answer: Describes<Schema, Answer>;
  readonly summary?: string;
}

/** Says of a controller's method that it answers with an aggregation, to whom, and what the answer looks like. */
export function Answers<A extends Aggregation, Schema extends z.ZodType>(
  aggregation: A,
  { access, answer, summary = aggregation.name }: Options<AnswerOf<A>, Schema>,
): MethodDecorator {
  const target = { kind: 'aggregation', aggregation, answer } as Target;
  return says(access, { target, summary });
}

/**
 * Says of a controller's method that it performs a saga, once for each `Idempotency-Key` of its caller, and answers 201
 * with what comes of it.
 */
export function Performs<Input extends z.ZodType, Result, Schema extends z.ZodType>(
  saga: Saga<Input, Result>,
  preparation: Preparation<z.ZodType, Saga<Input, Result>>,
  { access, answer, summary = saga.name }: Options<Result, Schema>,
): MethodDecorator {
  const target = { kind: 'saga', saga, preparation, answer } as unknown as Target;
  return applyDecorators(says(access, { target, summary }), UseInterceptors(IdempotencyInterceptor));
}

/** Says of a controller's method what it shows of the gateway's own, and to whom. It takes no input. */
export function Shows({
  access,
  answer,
  summary,
}: {
  readonly access: Access;
  readonly answer: z.ZodType;
  readonly summary: string;
}): MethodDecorator {
  return says(access, { target: { kind: 'handler', answer }, summary });
}

/**
 * Says of a controller's own method that is no GET whether it changes anything: then a client sends an `Idempotency-Key`
 * and it is done once for each. Sagas are known to, aggregations not to.
 */
export function Writes(changes: boolean): MethodDecorator {
  const says = SetMetadata(WRITES, changes);
  return changes ? applyDecorators(says, UseInterceptors(IdempotencyInterceptor)) : says;
}

function says(access: Access, metadata: TargetMetadata): MethodDecorator {
  return applyDecorators(SetMetadata(ACCESS, access), SetMetadata(TARGET, metadata));
}
