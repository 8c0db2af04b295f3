import { applyDecorators, SetMetadata } from '@nestjs/common';
import type { Aggregation, AnswerOf } from '@facet/aggregation';
import type { Access } from '@facet/access';
import type { z } from 'zod';
import { ACCESS } from '../access/access.js';

export const ANSWERS = 'facet:answers';

/** What a route with an aggregation promises. */
export interface AnswersMetadata {
  readonly aggregation: Aggregation;
  readonly answer: z.ZodType;
  readonly summary?: string;
}

/** `Schema` where it describes what the aggregation gives, else a type that nothing fits. */
type Describes<Schema extends z.ZodType, Answer> =
  Answer extends z.input<Schema> ? Schema : { readonly 'the answer does not fit this schema': Answer };

interface AnswersOptions<A extends Aggregation, Schema extends z.ZodType> {
  readonly access: Access;
  /** The answer's schema, for documents and clients. The compiler holds the aggregation to it. */
  readonly answer: Describes<Schema, AnswerOf<A>>;
  readonly summary?: string;
}

/** Says of a controller's method that it answers with an aggregation, to whom, and what the answer looks like. */
export function Answers<A extends Aggregation, Schema extends z.ZodType>(
  aggregation: A,
  options: AnswersOptions<A, Schema>,
): MethodDecorator {
  const { access, answer, summary } = options;
  const metadata = { aggregation, answer, ...(summary === undefined ? {} : { summary }) };
  return applyDecorators(SetMetadata(ACCESS, access), SetMetadata(ANSWERS, metadata));
}
