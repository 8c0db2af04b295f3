import Negotiator from 'negotiator';
import { LRUCache } from 'lru-cache';

/**
 * The one of `types` that an `Accept` header prefers (RFC 9110, 12.5.1): by weight, then by how closely it is named, then
 * in the client's order. The first of `types` where the header names none of them.
 */
export function preferredType<T extends string>(accept: string | undefined, types: readonly [T, ...T[]]): T {
  const chosen = new Negotiator({ headers: { accept } }).mediaType(types);
  return types.find((type) => type === chosen) ?? types[0];
}

const CODINGS = ['br', 'gzip', 'identity'] as const;
export type Coding = (typeof CODINGS)[number];

/** Its types do not know yet what it takes since 1.0. */
interface Preferring extends Negotiator {
  encodings(available: readonly string[], options?: { readonly preferred: readonly string[] }): string[];
}

/** What browsers and libraries send are a few texts. */
const known = new LRUCache<string, Coding>({ max: 200 });

/** The coding that an `Accept-Encoding` header prefers, Brotli before gzip where it has no preference. */
export function preferredCoding(accepted: string | undefined): Coding {
  if (accepted === undefined) return 'identity';
  const before = known.get(accepted);
  if (before !== undefined) return before;
  const negotiator: Preferring = new Negotiator({ headers: { 'accept-encoding': accepted } });
  const [first] = negotiator.encodings(CODINGS, { preferred: ['br', 'gzip'] });
  const coding = CODINGS.find((each) => each === first) ?? 'identity';
  known.set(accepted, coding);
  return coding;
}
