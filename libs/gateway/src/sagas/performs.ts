import { applyDecorators, SetMetadata } from '@nestjs/common';
import type { Access } from '@facet/access';
import type { Preparation, Saga } from '@facet/saga';
import type { z } from 'zod';
import { ACCESS } from '../access/access.js';

export const PERFORMS = 'facet:performs';

/** What a route with a saga promises. */
export interface PerformsMetadata {
  readonly saga: Saga;
  readonly preparation: Preparation;
  readonly answer: z.ZodType;
  readonly summary?: string;
}

/** `Schema` where it describes what the saga gives, else a type that nothing fits. */
type Describes<Schema extends z.ZodType, Result> =
  Result extends z.input<Schema> ? Schema : { readonly 'the answer does not fit this schema': Result };

interface PerformsOptions<Result, Schema extends z.ZodType> {
  readonly access: Access;
  /** The answer's schema, for documents and clients. The compiler holds the saga to it. */
  readonly answer: Describes<Schema, Result>;
  readonly summary?: string;
}

/**
 * Says of a controller's method that it performs a saga, once for each `Idempotency-Key` of its caller, and answers 201
 * with what comes of it.
 */
export function Performs<Input extends z.ZodType, Result, Schema extends z.ZodType>(
  saga: Saga<Input, Result>,
  preparation: Preparation<z.ZodType, Saga<Input, Result>>,
  { access, answer, summary }: PerformsOptions<Result, Schema>,
): MethodDecorator {
  const metadata = { saga, preparation, answer, ...(summary === undefined ? {} : { summary }) };
  return applyDecorators(SetMetadata(ACCESS, access), SetMetadata(PERFORMS, metadata));
}
