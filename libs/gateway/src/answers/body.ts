import { explain, metaOf, type Explanation, type Meta as Whole, type Outcome } from '@facet/aggregation';

/** What an answer says of itself. */
export interface Meta extends Whole {
  readonly explain?: Explanation;
}

/** The answer's value; with `meta` where something is missing or an account was asked for. */
export function bodyOf(outcome: Outcome<object>, explained: boolean): object & { readonly meta?: Meta } {
  const meta: Meta = { ...metaOf(outcome), ...(explained ? { explain: explain(outcome) } : {}) };
  if (Object.keys(meta).length === 0) return outcome.value;
  return { ...outcome.value, meta };
}
