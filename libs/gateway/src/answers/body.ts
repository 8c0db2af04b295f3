import { explain, metaOf, type Explanation, type Meta as Whole, type Outcome } from '@facet/aggregation';
import { jsonPieces } from '@facet/contracts';

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

/** A body as JSON. What was passed on whole is taken over as the service wrote it. */
export function jsonOf(body: object): string | Buffer {
  const pieces = jsonPieces(body);
  const [first] = pieces;
  if (pieces.length === 1 && typeof first === 'string') return first;
  return Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));
}
