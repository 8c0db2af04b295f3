import { text } from '@facet/contracts';
import { Fault } from '@facet/platform';

/** A cursor is no secret, so that anybody can make one up: a place is held to what a database takes. */
const storable = text(200);

/** Makes a place in a list out of where it is; opaque, though no secret. */
export function encodeCursor(kind: string, place: string | number): string {
  return Buffer.from(JSON.stringify([kind, place])).toString('base64url');
}

/**
 * Reads a place that `encodeCursor` made for the same kind.
 *
 * @throws Fault with `code` (400) for anything else
 */
export function decodeCursor(
  cursor: string,
  { kind, code, field }: { kind: string; code: string; field: string },
) {
  const [madeFor, place] = parse(cursor);
  if (madeFor === kind && (storable.safeParse(place).success || Number.isSafeInteger(place)))
    return place as string | number;
  throw new Fault(code, 400, 'this cursor is not one that this list has given out', {
    fields: [{ field, message: 'is not a cursor of this list' }],
  });
}

function parse(cursor: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}
