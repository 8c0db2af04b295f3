import { explain, metaOf, type Explanation, type Meta as Incomplete, type Outcome } from '@facet/aggregation';

/** What an answer says of itself. */
export interface Meta extends Incomplete {
  readonly explain?: Explanation;
}

/** The `meta` of an answer: where something is missing or too old, or an account was asked for; else undefined. */
export function metaFor(outcome: Outcome<object>, explained: boolean): Meta | undefined {
  const meta = metaOf(outcome);
  return explained ? { ...meta, explain: explain(outcome) } : meta;
}
