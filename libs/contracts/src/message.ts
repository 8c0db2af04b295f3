/** What a Nest service matches a message by: a text, or an object whose keys may stand in any order. */
export type MessagePattern = string | { readonly [key: string]: MessagePattern | number };

/** Which of the values are the answer, where a handler returns an Observable of several. */
export type Values = 'first' | 'last' | 'all';

/** A pattern as Nest compares it: with sorted keys. Two patterns with the same text are one. */
export function patternText(pattern: MessagePattern | number): string {
  if (typeof pattern !== 'object') return String(pattern);
  const parts = Object.keys(pattern)
    .sort((a, b) => a.localeCompare(b))
    .map((key) => `${JSON.stringify(key)}:${valueText(pattern[key] as MessagePattern | number)}`);
  return `{${parts.join(',')}}`;
}

function valueText(value: MessagePattern | number): string {
  return typeof value === 'string' ? JSON.stringify(value) : patternText(value);
}

/** What Nest cuts off: deeper objects, and objects with more keys, all count as the same pattern. */
const MAX_DEPTH = 5;
const MAX_KEYS = 20;

/** Throws where `pattern` is none that Nest tells from others. */
export function checkPattern(summary: string, pattern: unknown, depth = 0): void {
  if (typeof pattern === 'string' && (pattern !== '' || depth > 0)) return;
  if (typeof pattern === 'number' && depth > 0) return;
  const isObject = typeof pattern === 'object' && pattern !== null && !Array.isArray(pattern);
  const keys = isObject ? Object.keys(pattern) : [];
  if (keys.length === 0 || keys.length > MAX_KEYS || depth > MAX_DEPTH) {
    throw new Error(
      `"${summary}": message: expected a text, or an object of texts, numbers and objects, ` +
        `with at most ${MAX_KEYS} keys and ${MAX_DEPTH} levels`,
    );
  }
  for (const key of keys) checkPattern(summary, (pattern as Record<string, unknown>)[key], depth + 1);
}
