import { RawJson, type Answer } from '@facet/contracts';
import type { PlannedPart } from './plan.js';

/** An answer's value with what the part reads, and no more: cut here, where the answer does not say that it is. */
export function valueOf(planned: PlannedPart, answer: Answer<unknown>): unknown {
  const { selection, isExact, pick, pickFirst, part } = planned;
  if (part.placed !== undefined) return placedOf(planned, part.placed, answer);
  const { value, fields, first } = answer;
  const hasFirst = first === selection.first;
  if (value instanceof RawJson) {
    return hasFirst ? value : new RawJson(JSON.stringify(pickFirst(value.toJSON())));
  }
  return isExact && hasFirst && fields === selection.fields ? value : pick(value);
}

/** The field of an answer that is placed. */
function placedOf(
  { selection, pick, beforePlaced }: PlannedPart,
  field: string,
  { value, fields, first }: Answer<unknown>,
): unknown {
  if (!(value instanceof RawJson)) return (pick(value) as Record<string, unknown>)[field];
  const { json } = value;
  const isExact = fields === selection.fields && first === selection.first && json.startsWith(beforePlaced);
  if (isExact) return new RawJson(json.slice(beforePlaced.length, -1));
  const picked = pick(value.toJSON()) as Record<string, unknown>;
  return new RawJson(JSON.stringify(picked[field]));
}
