/** The header fields that a record shows. Any other may carry a credential, a token or something personal. */
const REQUEST = [
  'accept',
  'accept-encoding',
  'accept-language',
  'content-length',
  'content-type',
  'host',
  'if-none-match',
  'last-event-id',
  'origin',
  'sec-fetch-mode',
  'sec-fetch-site',
  'user-agent',
];
const RESPONSE = [
  'age',
  'allow',
  'cache-control',
  'content-encoding',
  'content-length',
  'content-type',
  'deprecation',
  'etag',
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
  'server-timing',
  'vary',
];
const MAX_LENGTH = 300;

type Fields = Readonly<Record<string, string | string[] | number | undefined>>;

export function shownRequestHeaders(fields: Fields): Record<string, string> {
  return shown(fields, REQUEST);
}

export function shownResponseHeaders(fields: Fields): Record<string, string> {
  return shown(fields, RESPONSE);
}

function shown(fields: Fields, names: readonly string[]): Record<string, string> {
  const entries = names.flatMap((name) => {
    const value = fields[name];
    return value === undefined ? [] : [[name, String(value).slice(0, MAX_LENGTH)]];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}
