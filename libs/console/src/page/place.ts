import { fromQuery, toQuery, type Filter } from './filter.js';

/** Where in the console one is: all of it stands in the address, so that a link leads there. */
export type Place =
  | { readonly kind: 'live'; readonly filter: Filter }
  | { readonly kind: 'request'; readonly id: string }
  | { readonly kind: 'compare'; readonly one: string; readonly other: string }
  | { readonly kind: 'what-if'; readonly route: string };

export function placeOf(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2) as [string, string?];
  const [, kind, ...rest] = path.split('/').map(decoded);
  const [one = '', other = ''] = rest;
  if (kind === 'request' && one !== '') return { kind, id: one };
  if (kind === 'compare' && other !== '') return { kind, one, other };
  if (kind === 'what-if' && one !== '') return { kind, route: one };
  return { kind: 'live', filter: fromQuery(query) };
}

export function hashOf(place: Place): string {
  switch (place.kind) {
    case 'live': {
      const query = toQuery(place.filter);
      return query === '' ? '#/' : `#/?${query}`;
    }
    case 'request':
      return `#/request/${encodeURIComponent(place.id)}`;
    case 'compare':
      return `#/compare/${encodeURIComponent(place.one)}/${encodeURIComponent(place.other)}`;
    case 'what-if':
      return `#/what-if/${encodeURIComponent(place.route)}`;
  }
}

/** An address that somebody has broken is no reason to fail. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
