import type { Priority } from '@facet/contracts';
import type { z } from 'zod';
import type { Aggregation, Budget, Context, PartKind, Query } from './aggregation.js';
import type { Builder } from './builder.js';
import { eachOf, partOf, type Draft, type LooseEach, type LooseOptions } from './declared-part.js';
import { compile } from './plan.js';

export interface AggregateOptions<Input extends z.ZodType> {
  /** What the client sends: path, query and body in one object. */
  readonly input: Input;
  /** Milliseconds for the whole answer. */
  readonly deadlineMs?: number;
  /** How much the answer matters when a gateway has to refuse some. */
  readonly criticality?: Priority;
}

/**
 * Begins an aggregation. `name` is `<gateway>.<endpoint>`. Throws where an option is out of range, a name is taken, a part
 * needs one that is not declared before it, or reads what its operation does not answer with.
 */
export function aggregate<Input extends z.ZodType>(
  name: string,
  options: AggregateOptions<Input>,
): Builder<Input, unknown, unknown, unknown> {
  const deadlineMs = options.deadlineMs ?? 2_000;
  if (!(deadlineMs > 0)) throw new RangeError(`${name}: deadlineMs must be above 0, got ${deadlineMs}`);
  const { input, criticality = 'normal' } = options;
  return builder({ name, input, deadlineMs, criticality, parts: [], budget: {} });
}

function builder<Input extends z.ZodType>(draft: Draft<Input>): Builder<Input, unknown, unknown, unknown> {
  const add = (kind: PartKind) => (name: string, operation: Query, options: LooseOptions) =>
    builder({ ...draft, parts: [...draft.parts, partOf(draft, { kind, name, operation, options })] });
  const steps = {
    required: add('required'),
    optional: add('optional'),
    deferred: add('deferred'),
    each: (name: string, operation: Query, options: LooseEach) =>
      add('optional')(name, operation, eachOf(draft, { name, operation, options })),
    budget: (budget: Budget) => builder({ ...draft, budget: { ...draft.budget, ...budget } }),
    shape: (shape: (context: Context) => object) => finish(draft, shape),
  };
  // The one place where the checked types meet their loose form.
  return steps as unknown as Builder<Input, unknown, unknown, unknown>;
}

function finish(draft: Draft<z.ZodType>, shape: (context: Context) => object): Aggregation {
  const services = new Set(draft.parts.map((part) => part.operation.service));
  const unknown = Object.keys(draft.budget.calls ?? {}).find((service) => !services.has(service));
  if (unknown !== undefined) {
    throw new Error(`${draft.name}: the budget names "${unknown}", which no part calls`);
  }
  const aggregation = Object.freeze({ ...draft, shape });
  compile(aggregation);
  return aggregation;
}
