import { STATUS_CODES } from 'node:http';
import type { Access, Authenticator } from '@facet/access';
import type { Json } from './schemas.js';

/** What every route of a gateway can be refused with. */
const GENERAL: Readonly<Record<string, number>> = {
  'http.bad-request': 400,
  'http.uri-too-long': 414,
  'http.request-header-fields-too-large': 431,
  internal: 500,
  'request.timeout': 504,
};

/** What a route can be refused with that has a body. */
export const bodyProblems: Readonly<Record<string, number>> = {
  'body.too-deep': 400,
  'body.too-many-values': 400,
  'http.request-timeout': 408,
  'http.payload-too-large': 413,
  'http.unsupported-media-type': 415,
};

/** What a route can be refused with that calls services. */
export const serviceProblems: Readonly<Record<string, number>> = {
  'input.invalid': 400,
  'upstream.bad-reply': 502,
  'upstream.error': 502,
  'upstream.no-handler': 502,
  'upstream.overloaded': 503,
  'upstream.unavailable': 503,
  'upstream.timeout': 504,
};

const DENIALS: Readonly<Record<string, number>> = { 'auth.required': 401, 'access.denied': 403 };
const LIMITS: Readonly<Record<string, number>> = { 'plan.rate-exceeded': 429, 'plan.quota-exceeded': 429 };
const SHED: Readonly<Record<string, number>> = { 'overload.shed': 503 };

export interface ProblemOptions {
  readonly authenticator: Authenticator | undefined;
  /** Whether requests are counted against plans. */
  readonly counted: boolean;
  /** Whether requests are refused where there is too much to do. */
  readonly sheds: boolean;
}

/** What comes before any answer of a route: a credential that does not hold is refused on a public route too. */
export function problemsBefore(
  access: Access,
  { authenticator, counted, sheds }: ProblemOptions,
): readonly (readonly [string, number])[] {
  const all = [
    GENERAL,
    ...(access === 'public' ? [] : [DENIALS]),
    authenticator?.problems ?? {},
    counted ? LIMITS : {},
    sheds ? SHED : {},
  ];
  return all.flatMap((each) => Object.entries(each));
}

/** The responses that are problems, by their status, with all codes that each may have. */
export function problemResponses(problems: readonly (readonly [code: string, status: number])[]): Json {
  const codes = new Map<number, Set<string>>();
  for (const [code, status] of problems) codes.set(status, (codes.get(status) ?? new Set()).add(code));
  const sorted = [...codes].sort(([a], [b]) => a - b);
  return Object.fromEntries(sorted.map(([status, names]) => [status, problemOf(status, [...names].sort())]));
}

/** One response that is a problem, `Problem` with one of these codes. */
export function problemOf(status: number, codes: readonly string[]): Json {
  return {
    description: `${STATUS_CODES[status] ?? 'Error'}: ${codes.join(', ')}`,
    content: { 'application/problem+json': { schema: problemSchema(codes, status) } },
  };
}

function problemSchema(codes: readonly string[], status: number): Json {
  const own = {
    type: 'object',
    properties: { code: { type: 'string', enum: codes }, status: { type: 'integer', enum: [status] } },
    required: ['code', 'status'],
  };
  return { allOf: [{ $ref: '#/components/schemas/Problem' }, own] };
}
