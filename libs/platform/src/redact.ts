const SECRET_KEY =
  /^(?:.*[-_.])?(?:authorization|cookie|set-cookie|password|passphrase|secret|token|api-?key|credentials?|assertion|signature|card)$/i;
const SECRET_SUFFIX = /(?:Password|Secret|Token|ApiKey|Authorization|Cookie|Assertion)$/;
const MAX_DEPTH = 6;
/** What only a line with something to mask or to escape has in it. */
const SUSPECT = /[@\u007f-\u009f\u2028-\u202e\u2066-\u2069]|bearer|basic|dpop/i;
const UNESCAPED = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** `redact` for what a line has: a flat one without a secret's name, as most are, is left as it is. */
export function redactLine(line: Record<string, unknown>): Record<string, unknown> {
  for (const key in line) {
    const value = line[key];
    if ((typeof value === 'object' && value !== null) || isSecret(key))
      return redact(line) as Record<string, unknown>;
  }
  return line;
}

/** `maskCredentials` and `escapeControls`, where there is anything for them to do. */
export function cleanText(line: string): string {
  return SUSPECT.test(line) ? escapeControls(maskCredentials(line)) : line;
}

/**
 * A copy of `value` in which nothing under a secret's name is left, however deep it lies; beyond six levels
 * everything is cut off. Errors keep their type, message, code, stack and cause.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[cut]';
  if (value instanceof Error) return redactError(value, depth);
  if (value instanceof Date) return value;
  if (Buffer.isBuffer(value)) return `[${value.length} bytes]`;
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, isSecret(key) ? '[redacted]' : redact(item, depth + 1)]),
  );
}

/** Log lines have few names, and always the same. */
const known = new Map<string, boolean>();
const MOST_KNOWN = 1_000;

function isSecret(key: string): boolean {
  const remembered = known.get(key);
  if (remembered !== undefined) return remembered;
  const secret = SECRET_KEY.test(key) || SECRET_SUFFIX.test(key);
  if (known.size < MOST_KNOWN) known.set(key, secret);
  return secret;
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === 'string' ? { code } : {}),
    stack: error.stack,
    ...(cause === undefined ? {} : { cause: redact(cause, depth + 1) }),
  };
}

/** Credentials inside running text, `postgres://user:password@host` or `Bearer …`, taken out. */
export function maskCredentials(text: string): string {
  return text
    .replace(/:\/\/[^\s"'/@]*@/g, '://[redacted]@')
    .replace(/\b(Bearer|Basic|DPoP)\s+[\w+/=.~-]{8,}/gi, '$1 [redacted]');
}

/**
 * Control characters that JSON lets through and a terminal may act on (DEL, C1, line and paragraph separators,
 * changes of direction) become JSON escapes.
 */
export function escapeControls(json: string): string {
  return json.replace(UNESCAPED, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
