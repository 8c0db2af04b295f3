import type { Authenticator } from '@facet/access';
import { Fault } from '@facet/platform';
import type { CorsPolicy } from './cors-policy.js';
import type { ReplyWriter } from '../reply/writer.js';
import { varies } from '../reply/vary.js';
import { ANSWERED, type Step } from '../request/steps.js';
import { METHODS } from './methods.js';

const MAX_AGE_SECONDS = 600;
const INCOMPLETE = 'A preflight request names its Origin and the method that it asks for.';

/** What a gateway itself reads of a request, whatever its policy adds. */
const READ = [
  ...['authorization', 'dpop', 'content-type', 'idempotency-key', 'if-none-match', 'last-event-id'],
  ...['traceparent', 'tracestate', 'baggage'],
];
/** What a gateway itself says in its answers. */
const SAID = [
  ...['age', 'deprecation', 'etag', 'idempotency-replayed', 'link', 'location', 'ratelimit'],
  ...['ratelimit-policy', 'retry-after', 'server-timing', 'sunset', 'www-authenticate', 'x-request-id'],
];

/** Names and values in turns. */
type Fields = readonly string[];

/** The fields by which pages of the listed origins may read an answer. Never with cookies: those are for own pages alone. */
export class Cors {
  readonly #listed: ReadonlyMap<string, Fields>;
  readonly #preflight: Fields;

  constructor({ origins, headers = [], exposes = [] }: CorsPolicy, authenticator?: Authenticator) {
    const exposed = unique([...SAID, ...exposes]);
    this.#listed = new Map(
      origins.map((origin) => [
        origin,
        ['access-control-allow-origin', origin, 'access-control-expose-headers', exposed],
      ]),
    );
    this.#preflight = [
      ...['access-control-allow-methods', [...METHODS].filter((each) => each !== 'OPTIONS').join(', ')],
      'access-control-allow-headers',
      unique([...READ, ...headersOf(authenticator), ...headers]),
      ...['access-control-max-age', String(MAX_AGE_SECONDS)],
    ];
  }

  /** For every answer to a request with this `Origin`, refusals included, beside `Vary: Origin`. */
  fieldsFor(origin: string | undefined): Fields | undefined {
    return origin === undefined ? undefined : this.#listed.get(origin);
  }

  /** What a preflight request is told beside; undefined where its origin is not listed. */
  preflightFor(origin: string): Fields | undefined {
    return this.#listed.has(origin) ? this.#preflight : undefined;
  }
}

/** Every answer from here on has its fields. */
export function setCorsFields(cors: Cors): Step {
  return (context) => {
    context.vary |= varies.origin;
    context.cors = cors.fieldsFor(context.raw.headers.origin);
    return undefined;
  };
}

/** Answers what browsers ask before they send a request of another site's page. */
export function answerPreflights(cors: Cors, writer: ReplyWriter): Step {
  return (context) => {
    const { method, headers } = context.raw;
    if (method !== 'OPTIONS') return undefined;
    const { origin } = headers;
    if (origin === undefined || headers['access-control-request-method'] === undefined) {
      return new Fault('http.bad-request', 400, INCOMPLETE);
    }
    const fields = cors.preflightFor(origin);
    if (fields === undefined) return undefined;
    context.status = 204;
    for (const each of fields) context.fields.push(each);
    writer.write(context, undefined);
    return ANSWERED;
  };
}

/** The headers that credentials come in, where they have one of their own. */
function headersOf(authenticator: Authenticator | undefined): string[] {
  return Object.values(authenticator?.schemes ?? {}).flatMap(({ in: place, name }) =>
    place === 'header' ? [String(name).toLowerCase()] : [],
  );
}

function unique(names: readonly string[]): string {
  return [...new Set(names.map((name) => name.toLowerCase()))].join(', ');
}
